import { imageCatalogue, imageNames, type ImageName } from "../../images";
import { prefixOf, type Place } from "../private-cloud/place";

export interface RepositoryPlan {
  readonly image: ImageName;
  /** Name of the repository, below the account's registry. */
  readonly repository: string;
}

/** Where images are named: the account's registry and the environment's part of it. */
export const registryHost = (place: Place): string =>
  `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${prefixOf(place)}`;

/** A repository for each image and model of the catalogue: ECR makes none by itself when something is pushed. */
export const planRepositories = (place: Place): RepositoryPlan[] =>
  imageNames.map((image) => ({ image, repository: `${prefixOf(place)}/${imageCatalogue[image].repository}` }));
