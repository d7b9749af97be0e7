/** What the server says about meetings; see meet/*.go. */

export type SourceKind = 'mic' | 'camera' | 'screen' | 'screen_audio';
export type PictureKind = 'camera' | 'screen';
export type LinkName = 'up' | 'down';

export interface Summary {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly access: 'town' | 'link' | 'room';
  readonly guests: boolean;
  readonly room_id?: string;
  readonly created_by?: string;
  readonly running: boolean;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly expires_at?: string;
  readonly participants: number;
  readonly people: readonly string[];
}

export interface MeetingList {
  readonly running: readonly Summary[];
  readonly mine: readonly Summary[];
}

export interface Person {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly guest: boolean;
  readonly moderator: boolean;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  readonly connected: boolean;
  readonly entered_at: string;
  readonly version: number;
}

export interface Slot {
  readonly mid: string;
  readonly kind: SourceKind;
  readonly participant: string;
  readonly paused?: boolean;
}

export interface Speaking {
  readonly active: readonly string[];
  readonly dominant: string;
}

export interface Pool {
  readonly audio: number;
  readonly video: number;
  readonly screen: number;
}

export interface ICEServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

export interface Joined {
  readonly meeting: Summary;
  readonly participants: readonly Person[];
  readonly moderator: boolean;
  readonly pool: Pool;
}

export interface Entered {
  readonly participant_id: string;
  readonly token: string;
  readonly resumed: boolean;
  readonly moderator: boolean;
  readonly pool: Pool;
  readonly ice_servers: readonly ICEServer[];
  readonly slots: readonly Slot[];
  readonly speaking: Speaking;
}

export interface Tile {
  readonly participant: string;
  readonly kind: PictureKind;
  readonly max_height: number;
}

export interface Ringing {
  readonly meeting: Summary;
  readonly from_id: string;
  readonly from_name: string;
  readonly aloud: boolean;
}

export interface Pass {
  readonly token: string;
  readonly name: string;
}

export interface StartInput {
  readonly title?: string;
  readonly name?: string;
  readonly room_id?: string;
  readonly access?: 'town' | 'link';
  readonly guests?: boolean;
}
