/** What the secret store tells of one secret, and takes of it: the part of AWS's client that a rotation uses. */
export interface SecretStore {
  describeSecret(request: { SecretId: string }): Promise<{
    RotationEnabled?: boolean;
    VersionIdsToStages?: Record<string, string[]>;
  }>;
  getSecretValue(request: {
    SecretId: string;
    VersionId: string;
    VersionStage: string;
  }): Promise<{ SecretString?: string }>;
  putSecretValue(request: {
    SecretId: string;
    ClientRequestToken: string;
    SecretString: string;
    VersionStages: string[];
  }): Promise<unknown>;
  updateSecretVersionStage(request: {
    SecretId: string;
    VersionStage: string;
    MoveToVersionId: string;
    RemoveFromVersionId?: string;
  }): Promise<unknown>;
}

/** One step of a rotation, as the secret store asks for it. */
export interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export function rotate(event: RotationEvent, store: SecretStore): Promise<void>;
export function handler(event: RotationEvent): Promise<void>;
