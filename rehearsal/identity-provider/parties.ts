/** What a token is asked for: an address, as RFC 8707 wants it. Its `aud` is the provider's own option. */
export const resource = "https://door.cloister.internal";

/** Where a person is sent back to, with the code. Nothing listens there: who logs in reads the redirect instead. */
export const redirect = "https://application.cloister.internal/callback";

export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
  /** They show a second factor when they log in. */
  readonly secondFactor: boolean;
}

/** An application that may also ask in its own name: its token has these groups, and no `amr`. */
export interface OwnApplication {
  /** The DNS name in its certificate, and its `client_id`. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** The DNS name in an application's certificate, where it asks for people only. */
export type Application = string | OwnApplication;

/** What the token endpoint gave. */
export interface Granted {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** RFC 8176: a password, and a one-time one on top. */
export const amrOf = ({ secondFactor }: Person): string[] => (secondFactor ? ["pwd", "otp"] : ["pwd"]);
