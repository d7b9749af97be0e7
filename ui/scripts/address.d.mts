export declare function sieIn(text: string): string | null;
export declare function duIn(text: string): string | null;
export declare function slipIn(text: string): string | null;
export declare function addressed(text: string, formality: 'sie' | 'du'): string;
