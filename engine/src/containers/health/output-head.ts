/** The beginning of what a process writes, in bytes; the rest is read and dropped. */
export class OutputHead {
  private readonly limit: number;
  private readonly pieces: Uint8Array[] = [];
  private size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(data: Uint8Array): void {
    const piece = data.subarray(0, this.limit - this.size);
    if (piece.length === 0) return;
    this.pieces.push(Uint8Array.from(piece));
    this.size += piece.length;
  }

  /** A character that was cut in two is left out. */
  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.pieces), { stream: true });
  }
}
