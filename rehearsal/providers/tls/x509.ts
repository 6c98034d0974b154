import "reflect-metadata";

/** The X.509 library, loaded after what it needs: import it from here alone. */
export * from "@peculiar/x509";
