/** An envelope that proves nothing, with the reason in one sentence. Nothing it holds may be believed. */
export class EnvelopeError extends Error {
  override readonly name = "EnvelopeError";
}
