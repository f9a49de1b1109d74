import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromArrays } from "apache-arrow";
import { type Chart, type ChartSpec, COLOURS, chart, jupyterDisplay } from "gpic-lab/show";
import sharp from "sharp";
import { HOSTILE, tagsOf, unseen } from "./hostile.js";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const rows = [
  { n: 100, fd: 40.5, set: "real" },
  { n: 1000, fd: 4.1, set: "generated" },
];
const points: ChartSpec = {
  title: "More images, smaller distance",
  data: rows,
  mark: "point",
  encoding: { x: { field: "n", title: "images" }, y: { field: "fd", title: "distance (FD)" } },
};

const svgOf = (drawn: Chart): string => String(drawn[jupyterDisplay]()["image/svg+xml"]);
const scaleOf = (drawn: Chart, channel: string): { domain: string[]; range: string[] } =>
  (encodingOf(drawn)[channel] as { scale: { domain: string[]; range: string[] } }).scale;
type Encoding = Record<string, Record<string, unknown>>;
const encodingOf = (drawn: Chart): Encoding => drawn.spec.encoding as Encoding;

test("a chart is live, a picture and a sentence", async () => {
  const bundle = (await chart(points))[jupyterDisplay]();
  assert.deepEqual(Object.keys(bundle), [VEGA_LITE, "image/svg+xml", "text/plain"]);
  const spec = bundle[VEGA_LITE] as Record<string, unknown>;
  assert.equal(spec.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
  assert.deepEqual(
    (spec.data as { values: unknown }).values,
    rows.map(({ n, fd }) => ({ n, fd })),
  );
  assert.equal(
    bundle["text/plain"],
    "Chart: More images, smaller distance\npoint: y distance (FD), x images; 2 rows",
  );
});

test("the picture draws each row once and can be read by a renderer", async () => {
  const svg = svgOf(await chart(points));
  assert.equal(svg.match(/aria-roledescription="point"/g)?.length, 2);
  const { width, height } = await sharp(Buffer.from(svg)).metadata();
  assert.ok(width > 400 && height > 250);
});

test("the same spec gives the same bytes, whatever was drawn before or beside it", async () => {
  const clipped: ChartSpec = { ...points, mark: { type: "line", clip: true } };
  const first = svgOf(await chart(clipped));
  const [second] = await Promise.all([chart(clipped), chart({ ...points, mark: "bar" }), chart(clipped)]);
  assert.equal(svgOf(second), first);
  assert.match(first, /clip\d+-[0-9a-f]{8}/);
});

test("an Arrow table gives the same chart as its records", async () => {
  const arrow = tableFromArrays({ n: Int32Array.of(100, 1000), fd: Float64Array.of(40.5, 4.1) });
  for (const data of [arrow, { values: arrow }])
    assert.deepEqual((await chart({ ...points, data })).spec, (await chart(points)).spec);
});

test("a channel without a type has that of its data", async () => {
  const data = [{ a: 1, b: "x", c: new Date(0) }];
  const drawn = await chart({
    data,
    mark: "point",
    encoding: { x: { field: "a" }, y: { field: "b" }, color: { field: "c" } },
  });
  assert.deepEqual(
    ["x", "y", "color"].map((channel) => encodingOf(drawn)[channel]?.type),
    ["quantitative", "nominal", "temporal"],
  );
});

test("times are in UTC, on every machine", async () => {
  const data = [{ day: new Date(Date.UTC(2024, 0, 1)), n: 1 }];
  const drawn = await chart({ data, mark: "point", encoding: { x: { field: "day" }, y: { field: "n" } } });
  assert.deepEqual(encodingOf(drawn).x?.scale, { type: "utc" });
  const binned = await chart({
    data,
    mark: "bar",
    encoding: { x: { field: "day", timeUnit: "yearmonth" }, y: { aggregate: "sum", field: "n" } },
  });
  assert.equal(encodingOf(binned).x?.timeUnit, "utcyearmonth");
});

test("real and generated have their own colours in every chart", async () => {
  const spec = { ...points, encoding: { ...points.encoding, color: { field: "set" } } };
  const reversed = { ...spec, data: [...rows].reverse().concat({ n: 1, fd: 1, set: "other" }) };
  for (const drawn of [await chart(spec), await chart(reversed)]) {
    const { domain, range } = scaleOf(drawn, "color");
    assert.deepEqual(domain.slice(0, 2), ["real", "generated"]);
    assert.deepEqual(range.slice(0, 2), [COLOURS.real, COLOURS.generated]);
    assert.equal(new Set(range).size, range.length);
  }
});

test("a spec's own config goes over the theme", async () => {
  const { spec } = await chart({ ...points, config: { axis: { labelFontSize: 20 } } });
  const config = spec.config as { axis: Record<string, unknown> };
  assert.equal(config.axis.labelFontSize, 20);
  assert.equal(config.axis.labelColor, COLOURS.text);
});

test("text on charts has a contrast of 4 or more on white and on JupyterLab's dark ground", () => {
  const luminance = (hex: string): number =>
    [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, index) => sum + c * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const contrast = (a: string, b: string): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  for (const ground of ["#ffffff", "#111111"]) {
    assert.ok(contrast(COLOURS.text, ground) > 4);
    for (const colour of [COLOURS.real, COLOURS.generated]) assert.ok(contrast(colour, ground) > 3);
  }
});

test("columns that the spec does not name stay out of the notebook", async () => {
  const data = rows.map((row) => ({ ...row, embedding: "x".repeat(400) }));
  assert.doesNotMatch(JSON.stringify((await chart({ ...points, data })).spec), /embedding/);
});

test("numbers that are not finite are not drawn, and counted", async () => {
  const data = [...rows, { n: Number.NaN, fd: 1 }, { n: 2, fd: Number.POSITIVE_INFINITY }];
  const drawn = await chart({ ...points, data });
  assert.match(drawn.text, /4 rows; 2 not finite and not drawn$/);
  assert.equal(svgOf(drawn).match(/aria-roledescription="point"/g)?.length, 2);
  assert.doesNotMatch(svgOf(drawn), /NaN/);
});

test("a chart of many marks is a PNG", async () => {
  const data = Array.from({ length: 5000 }, (_, n) => ({ n, fd: n % 7 }));
  const bundle = (await chart({ ...points, data }))[jupyterDisplay]();
  assert.deepEqual(Object.keys(bundle), [VEGA_LITE, "image/png", "text/plain"]);
  const picture = await sharp(Buffer.from(String(bundle["image/png"]), "base64")).metadata();
  assert.equal(picture.format, "png");
  assert.ok(picture.hasAlpha);
});

test("layers, facets, transforms and repeats are charts too", async () => {
  const specs: ChartSpec[] = [
    {
      data: rows,
      encoding: { x: { field: "n" } },
      layer: [
        { mark: "line", encoding: { y: { field: "fd" } } },
        { mark: "rule", encoding: { y: { datum: 3 } } },
      ],
    },
    {
      data: rows,
      facet: { field: "set" },
      spec: { mark: "point", encoding: { x: { field: "n" }, y: { field: "fd" } } },
    },
    {
      data: rows,
      transform: [{ calculate: "datum.n * 2", as: "twice" }],
      mark: "point",
      encoding: { x: { field: "twice", type: "quantitative" } },
    },
    {
      data: rows,
      transform: [{ fold: ["n", "fd"] }],
      mark: "bar",
      encoding: { x: { field: "key", type: "nominal" }, y: { field: "value", type: "quantitative" } },
    },
    {
      data: rows,
      repeat: { column: ["n", "fd"] },
      spec: {
        mark: "bar",
        encoding: {
          x: { field: { repeat: "column" }, bin: true, type: "quantitative" },
          y: { aggregate: "count" },
        },
      },
    },
    {
      hconcat: [
        { data: rows, mark: "tick", encoding: { x: { field: "n" } } },
        { data: [{ z: 1 }], mark: "tick", encoding: { x: { field: "z" } } },
      ],
    },
    { data: { values: [1, 2, 3] }, mark: "tick", encoding: { x: { field: "data" } } },
    {
      data: { sequence: { start: 0, stop: 3, as: "t" } },
      mark: "tick",
      encoding: { x: { field: "t", type: "quantitative" } },
    },
    { data: rows, mark: "boxplot", encoding: { x: { field: "set" }, y: { field: "n" } } },
    { data: [{ "a.b": 1 }], mark: "tick", encoding: { x: { field: "a\\.b" } } },
  ];
  for (const spec of specs) assert.match(svgOf(await chart(spec)), /^<svg/);
});

test("a wrong spec is an error that names what is wrong", async () => {
  const encoding = points.encoding ?? {};
  const wrong: [ChartSpec, RegExp][] = [
    [{ ...points, mark: "bars" as never }, /Cannot draw a chart: spec\.mark is "bars"; did you mean "bar"\?/],
    [{ ...points, mark: { type: "pont" as never } }, /spec\.mark\.type is "pont"; did you mean "point"\?/],
    [
      { ...points, mark: { type: "point", siz: 3 } },
      /"siz" is not a property of spec\.mark; did you mean "size"\?/,
    ],
    [{ ...points, encodng: {} }, /"encodng" is not a property of spec; did you mean "encoding"\?/],
    [{ ...points, encoding: { X1: {} } }, /"X1" is not an encoding channel; did you mean/],
    [{ ...points, encoding: { colour: {} } }, /"colour" is not an encoding channel; did you mean "color"\?/],
    [
      { ...points, encoding: { ...encoding, x: { field: "m" } } },
      /spec\.encoding\.x\.field is "m", which is no field of the data; did you mean "n"\?/,
    ],
    [
      { ...points, encoding: { x: { field: "n", type: "quantative" as never } } },
      /spec\.encoding\.x\.type is "quantative"; did you mean "quantitative"\?/,
    ],
    [
      { ...points, encoding: { x: { field: "set", type: "quantitative" } } },
      /spec\.encoding\.x\.type is "quantitative", and its field "set" holds text/,
    ],
    [
      { ...points, encoding: { x: { field: "n", axis: { tile: "x" } } } },
      /"tile" is not a property of spec\.encoding\.x\.axis; did you mean "title"\?/,
    ],
    [
      { ...points, encoding: { x: { field: "n", axis: { labelAngle: "x" } } } },
      /spec\.encoding\.x\.axis\.labelAngle must be number.*, got "x"/,
    ],
    [{ ...points, width: [] }, /spec\.width must be number/],
    [
      { ...points, transform: [{ filter: { field: "q", gt: 1 } }] },
      /spec\.transform\[0\]\.filter\.field is "q"/,
    ],
    [
      { ...points, transform: [{ aggregate: [{ op: "mean", field: "q", as: "m" }], groupby: ["r"] }] },
      /is "[qr]", which is no field/,
    ],
    [
      { data: rows, layer: [{ mark: "line", encoding: { x: { field: "q" } } }] },
      /spec\.layer\[0\]\.encoding\.x\.field is "q"/,
    ],
    [{ data: rows, encoding }, /spec needs "mark"/],
    [{ mark: "point", encoding }, /spec\.data is needed/],
    [{ ...points, data: { url: "x.csv" } as never }, /a url: read it in the cell/],
    [{ ...points, data: "rows" as never }, /spec\.data must be an array of records/],
    [{ ...points, data: [1] as never, encoding: { x: { field: "q" } } }, /is no field of the data/],
    [
      { ...points, data: Array.from({ length: 20_001 }, () => ({ n: 1, fd: 1 })) },
      /at most 20,000 rows fit into a notebook, got 20,001/,
    ],
    [
      { ...points, $schema: "https://vega.github.io/schema/vega/v6.json" },
      /spec\.\$schema must be Vega-Lite's/,
    ],
    [
      { data: [{ "a.b": 1 }], mark: "tick", encoding: { x: { field: "a.b" } } },
      /which Vega-Lite reads as a path/,
    ],
    ["bar" as never, /a Vega-Lite spec is needed, got string/],
  ];
  for (const [spec, message] of wrong) await assert.rejects(chart(spec), message);
});

test("what Vega-Lite would mend with a warning is an error", async () => {
  await assert.rejects(
    chart({ data: rows, mark: "bar", encoding: { x: { field: "n" }, shape: { field: "set" } } }),
    /Vega-Lite says: .*shape/,
  );
});

test("a title or column name from data cannot end the text of an expression and begin a program", async () => {
  const hostile = `\\" + (1 ? "attack" + 6*7 : 0) + "\\`;
  for (const channel of [
    { field: "n", title: hostile },
    { field: "n", title: ["a", hostile] },
    { field: hostile.replaceAll("\\", "\\\\") },
  ]) {
    const data = [{ n: 1, [hostile]: 2 }];
    const encoding = { x: channel, y: { field: "n", axis: { title: hostile } } };
    const drawn = await chart({ title: hostile, data, mark: "point", encoding });
    assert.doesNotMatch(svgOf(drawn), /attack42/);
  }
});

test("nothing from the data becomes markup in the picture", async () => {
  const drawn = (text: string): Promise<Chart> =>
    chart({
      title: text,
      data: [{ k: text, n: 1 }],
      mark: "bar",
      encoding: { y: { field: "k", title: text }, x: { field: "n" }, color: { field: "k" } },
    });
  const clean = new Set(tagsOf(svgOf(await drawn("plain"))).map((tag) => tag.split(" ")[0]));
  for (const hostile of HOSTILE) {
    const shown = await drawn(hostile);
    for (const tag of tagsOf(svgOf(shown)))
      assert.ok(clean.has(tag.split(" ")[0]), `${tag} from ${hostile.slice(0, 40)}`);
    for (const tag of tagsOf(svgOf(shown))) assert.doesNotMatch(tag, / on/);
    for (const text of [svgOf(shown), shown.text, JSON.stringify(shown.spec)])
      assert.equal(unseen(text), undefined, hostile.slice(0, 40));
    assert.ok(svgOf(shown).length < 60_000);
    await sharp(Buffer.from(svgOf(shown))).metadata();
  }
});
