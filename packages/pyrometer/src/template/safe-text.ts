/** Text that the template's author vouches for: an HTML template writes it without escaping. */
export class SafeText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
