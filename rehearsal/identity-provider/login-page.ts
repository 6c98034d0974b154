const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

/** What a person sees: who asks for them, and that nobody checks who they are. @param hint fills in their name. */
export function loginPage(application: string, hint: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Log in to the lab</title></head>
<body>
<h1>Log in to the lab</h1>
<p>This stands in for the company's identity provider. It is a lab: there is no password, a name is all it asks.</p>
<p>${escaped(application)} wants to know who you are.</p>
<form method="post">
<label>Name <input name="name" required autofocus value="${escaped(hint)}"></label>
<button type="submit">Log in</button>
</form>
</body>
</html>
`;
}
