// What does a worker that runs a snippet tell its page?

/** Lines are counted from 1, in the text of the snippet. */
export type Message =
  | { readonly kind: "claim"; readonly line: number; readonly received: string; readonly reason: string | undefined }
  | { readonly kind: "value"; readonly line: number; readonly received: string }
  | { readonly kind: "log"; readonly line: number; readonly level: Level; readonly text: string }
  | { readonly kind: "error"; readonly line: number | undefined; readonly name: string; readonly message: string }
  | { readonly kind: "done"; readonly claims: number; readonly milliseconds: number };

export type Level = "log" | "warn" | "error";

/** What is shown beside a line. */
export type Result = Exclude<Message, { kind: "log" } | { kind: "done" }>;
