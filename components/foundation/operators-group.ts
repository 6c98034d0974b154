/** Group of Kubernetes that the people who run a cluster are in, on every footprint. */
export const operatorsGroup = "cloister:operators";
