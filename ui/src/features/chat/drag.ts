/** What a room in the list is while it is dragged. */
export const roomType = 'application/x-rathaus-room';

/** The room that is dropped here, or null if it is something else. */
export function dragged(event: DragEvent): string | null {
  const id = event.dataTransfer?.getData(roomType) ?? '';
  return id === '' ? null : id;
}

export const isRoom = (event: DragEvent): boolean => event.dataTransfer?.types.includes(roomType) ?? false;
