import { ports } from "../../flows";
import { presidioEntities, type PresidioEntity } from "../../presidio-entities";
import { tlsPath } from "../workload/workload-plan";

/** Presidio's language: its recognizers of numbers are registered under it, whatever language a text has. */
export const presidioLanguage = "en";

/**
 * The analyzer's configuration: the recognizers of these entities and no other, without a language model. What they find is
 * told by numbers and their checks, and a model's guesses at names would stop half of all prompts.
 */
export function presidioConfig(entities: readonly PresidioEntity[]): object {
  const languages = [presidioLanguage];
  return {
    supported_languages: languages,
    default_score_threshold: 0,
    nlp_configuration: {
      nlp_engine_name: "no_op",
      models: [{ lang_code: presidioLanguage, model_name: "no_op" }],
    },
    recognizer_registry: {
      supported_languages: [...languages],
      recognizers: entities.map((entity) => ({
        name: presidioEntities[entity],
        type: "predefined",
        enabled: true,
        supported_languages: [...languages],
      })),
    },
  };
}

/** gunicorn has a flag for all but these two. The control socket would need a home. */
export const gunicornConfig = `import ssl

control_socket_disable = True


def ssl_context(conf, default_ssl_context_factory):
    context = default_ssl_context_factory()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
`;

/** The image's own server, on mutual TLS: it takes no connection without a certificate of the callers, the guard's alone. */
export const presidioArgs: readonly string[] = [
  ...["--config", "/etc/presidio/gunicorn.conf.py"],
  ...["--bind", `0.0.0.0:${ports.presidio}`],
  ...["--certfile", `${tlsPath}/presidio.crt`],
  ...["--keyfile", `${tlsPath}/presidio.key`],
  ...["--ca-certs", `${tlsPath}/callers.pem`],
  ...["--cert-reqs", "2"],
  // Without it the port opens before there is anybody who could judge, and counts as ready.
  "--preload",
  ...["--workers", "1", "--threads", "4"],
  // Longer than the guard keeps a connection, so that it is the guard that closes.
  ...["--keep-alive", "75"],
  ...["--worker-tmp-dir", "/tmp"],
  "app:create_app()",
];

/** The image names files of its own, which would go before the one that is mounted. */
export const presidioEnvironment: Readonly<Record<string, string>> = {
  ANALYZER_CONF_FILE: "/etc/presidio/analyzer.yaml",
  NLP_CONF_FILE: "",
  RECOGNIZER_REGISTRY_CONF_FILE: "",
  PYTHONDONTWRITEBYTECODE: "1",
};
