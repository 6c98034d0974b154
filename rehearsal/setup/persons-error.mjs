/** A mistake or lack that a person can mend: only its message is shown. */
export class PersonsError extends Error {
  forPeople = true;

  constructor({ needed, found, mend, output, log }) {
    super(
      [
        `needed   ${needed}`,
        `found    ${found}`,
        `to mend  ${mend}`,
        ...(output ? output.split("\n").map((line) => `    ${line}`) : []),
        ...(log ? [`log      ${log}`] : []),
      ].join("\n"),
    );
  }
}
