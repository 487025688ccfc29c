/** Where something waits for as long as a test holds it; open until then. */
export class Gate {
  private held: Promise<void> | undefined;
  private open: () => void = () => undefined;

  hold(): void {
    this.held ??= new Promise((resolve) => {
      this.open = resolve;
    });
  }

  release(): void {
    this.held = undefined;
    this.open();
  }

  async passed(): Promise<void> {
    await this.held;
  }
}
