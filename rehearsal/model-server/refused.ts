/** An answer in the shape of vLLM's errors. */
export class Refused extends Error {
  public constructor(
    public readonly status: number,
    message: string,
    public readonly type = "BadRequestError",
  ) {
    super(message);
  }
}

export const errorOf = ({ message, type, status }: Refused): object => ({
  error: { message, type, param: null, code: status },
});
