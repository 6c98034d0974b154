import type { Json } from "./envoy-fields";

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** What the door says where it answers itself: enough for who is let in, and nothing that tells an attacker how far they came. */
const replies: readonly Reply[] = [
  { status: 400, type: "invalid_request_error", code: "bad_request", message: "The request cannot be read." },
  {
    status: 401,
    type: "invalid_request_error",
    code: "invalid_token",
    message: "A valid token is needed, issued to this application's certificate.",
  },
  {
    status: 403,
    type: "invalid_request_error",
    code: "not_allowed",
    message: "A second factor, and a group that may use this model, are needed.",
  },
  { status: 404, type: "invalid_request_error", code: "unknown_path", message: "There is nothing at this path." },
  { status: 408, type: "invalid_request_error", code: "too_slow", message: "The request took too long to arrive." },
  {
    status: 413,
    type: "invalid_request_error",
    code: "too_large",
    message: "The request is larger than any model takes.",
  },
  { status: 429, type: "rate_limit_error", code: "rate_limit", message: "Too many requests: try again later." },
  { status: 431, type: "invalid_request_error", code: "headers_too_large", message: "The headers are too large." },
  { status: 501, type: "invalid_request_error", code: "bad_request", message: "The request cannot be read." },
  { status: 502, type: "service_unavailable", code: "unavailable", message: "The platform cannot serve this now." },
  { status: 503, type: "service_unavailable", code: "unavailable", message: "The platform cannot serve this now." },
  { status: 504, type: "service_unavailable", code: "timeout", message: "The answer took too long." },
];

const isStatus = (status: number): Json => ({
  status_code_filter: {
    comparison: { op: "EQ", value: { default_value: status, runtime_key: `door.reply_${status}` } },
  },
});

/** Errors in the shape that OpenAI's clients read. */
export const localReplies: Json = {
  mappers: replies.map(({ status, type, code, message }) => ({
    filter: isStatus(status),
    body_format_override: {
      json_format: { error: { message, type, param: "", code } },
      content_type: "application/json",
    },
  })),
};
