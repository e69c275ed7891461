// Which faults must the tests of the site notice?

const beforeEnd = (planted) => (text) => text.replace("</body>", `${planted}</body>`);

/** How each is put into the home page, and what its report has to say. */
export const plants = {
  snippet: {
    alter: (text) => text.replace("0.0770037537313969", "0.0770037537313123"),
    report: /snippet 1: .* not 0\.077/,
  },
  link: {
    alter: (text) => text.replaceAll('href="/limits"', 'href="/no-such-page"'),
    report: /a link to \/no-such-page/,
  },
  anchor: { alter: (text) => text.replaceAll("#the-chapters", "#no-such-place"), report: /a link to \/#no-such-place/ },
  console: { alter: beforeEnd('<script>console.error("planted")</script>'), report: /console: planted/ },
  exception: { alter: beforeEnd('<script>throw new Error("planted")</script>'), report: /uncaught: planted/ },
  missing: { alter: beforeEnd('<img src="/no-such-picture.png" alt="">'), report: /status 404: .*no-such-picture/ },
  elsewhere: { alter: beforeEnd('<img src="http://127.0.0.1:9/x.png" alt="">'), report: /a request to http:\/\/127/ },
  overflow: { alter: beforeEnd('<div style="width: 900px">planted</div>'), report: /on a phone it is 9\d\d px wide/ },
  weight: { alter: beforeEnd(`<!--${randomText(600_000)}-->`), report: /\d+ kB, not below 300/ },
};

/** A text that does not compress well. */
function randomText(length) {
  let state = 1;
  const letter = () => {
    state = (state * 48271) % 2147483647;
    return (state % 36).toString(36);
  };
  return Array.from({ length }, letter).join("");
}
