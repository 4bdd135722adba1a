/** A name that nobody else makes up, 128 bits. */
export function newId(): string {
  // Not randomUUID, which exists on secure pages only: a shop on plain http still gets to chat.
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
