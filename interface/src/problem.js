/** What went wrong, and where in the query, both counted from 1; `lang` where it is not that of the page. */
export class Problem extends Error {
  constructor(message, line = 0, column = 0, title = "", lang = null) {
    super(message);
    this.line = line;
    this.column = column;
    this.title = title;
    this.lang = lang;
  }
}
