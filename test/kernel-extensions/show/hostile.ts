/** Texts that try to become markup, to hide, or to act: what captions and attributions may hold. */
export const HOSTILE: readonly string[] = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  `<img src=x onerror="alert(1)">`,
  `"><svg onload=alert(1)>`,
  `' onmouseover='alert(1)`,
  "` onmouseover=alert(1) `",
  "</style><script>alert(1)</script>",
  "</title></textarea><script>alert(1)</script>",
  "<!-- <b> --> <![CDATA[<b>]]>",
  "]]><script>alert(1)</script>",
  "&lt;script&gt;&#60;b&#62;",
  "[click](javascript:alert(1))",
  "![picture](https://example.org/track.png)",
  "<https://example.org> https://example.org www.example.org a@example.org",
  "# heading\n\n- item\n1. one\n```\ncode\n```\n\n    code",
  "$\\href{javascript:alert(1)}{x}$ \\(x\\) @@0@@",
  "| a | b |\n|---|---|",
  "[ref]: javascript:alert(1)",
  "user\u202egnp.exe\u2066\u200f",
  "nul\u0000bell\u0007backspace\b\b\b",
  "\u001b[31mred\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007",
  "\u009b31m",
  "half \ud800 pair \udc00",
  "line\u2028separator\u2029",
  "carriage\rreturn",
  `${"long ".repeat(200_000)}end`,
];

/** Addresses that must not be followed. */
export const HOSTILE_ADDRESSES: readonly string[] = [
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "\u0001javascript:alert(1)",
  "vbscript:x",
  "data:text/html,<script>alert(1)</script>",
  "data:image/svg+xml,<svg onload=alert(1)>",
  'data:image/png;base64,AAAA" onload="alert(1)',
  "file:///etc/passwd",
  "blob:x",
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN: RegExp = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What is wrong with a text form: characters that act unseen, halves of pairs, or its length. */
export function unseen(text: string): string | undefined {
  const found = UNSEEN.exec(text);
  if (found !== null) return `U+${found[0].charCodeAt(0).toString(16)} at ${found.index}`;
  if (Buffer.from(text, "utf8").toString("utf8") !== text) return "a lone surrogate";
  return undefined;
}

/** The tags of a piece of HTML or SVG, read as a browser would: names with their attributes' names. */
export function tagsOf(markup: string): string[] {
  return [...markup.matchAll(/<(\/?[a-zA-Z!?][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g)].map(
    ([, name = "", rest = ""]) =>
      [
        name,
        ...[...rest.matchAll(/([^\s"'=/]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)/g)].map((a) => a[1]),
      ].join(" "),
  );
}
