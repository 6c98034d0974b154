/** Where RKE2 looks for what it is given; its own documentation fixes all but the names of our documents. */
export const rke2Paths = {
  configuration: "/etc/rancher/rke2/config.yaml",
  registries: "/etc/rancher/rke2/registries.yaml",
  /** Documents of the API server, ours: outside the folder that RKE2 writes its own into. */
  documents: "/etc/rancher/rke2/cloister",
  /** Certificates that the registry asks for. */
  registryTls: "/etc/rancher/rke2/registry",
  /** Image archives; loaded before anything is pulled. */
  images: "/var/lib/rancher/rke2/agent/images",
  /** Applied by the first server, and again by each later one. */
  manifests: "/var/lib/rancher/rke2/server/manifests",
  staticPods: "/var/lib/rancher/rke2/agent/pod-manifests",
  /** Authorities found here at the first start are used; missing ones are made by RKE2 itself. */
  authorities: "/var/lib/rancher/rke2/server/tls",
  auditLog: "/var/lib/rancher/rke2/server/logs/audit.log",
} as const;
