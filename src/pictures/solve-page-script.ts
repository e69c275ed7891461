// How does the slider of the page move the cursor?
//
// A script as text: it runs where the page is read. Positions of the slider run through the drawn steps of all
// solves, one solve after the other.
export const solvePageScript: string = `
(function () {
  var solves = JSON.parse(document.getElementById("record").textContent);
  var controls = document.getElementById("controls");
  var slider = document.getElementById("time");
  var button = document.getElementById("play");
  var output = document.getElementById("now");
  var sections = Array.prototype.slice.call(document.querySelectorAll("section.solve"));
  var starts = [];
  var total = 0;
  var timer = null;
  solves.forEach(function (solve) { starts.push(total); total += solve.xs.length; });
  if (total === 0) return;

  function showStep(section, solve, k, isLater) {
    section.classList.toggle("later", isLater);
    section.querySelectorAll(".cursor").forEach(function (cursor) {
      cursor.setAttribute("transform", "translate(" + solve.xs[k] + " 0)");
      cursor.querySelectorAll(".ring").forEach(function (ring, i) {
        var y = solve.rings[k][i];
        ring.setAttribute("visibility", y === null ? "hidden" : "visible");
        if (y !== null) ring.setAttribute("cy", y);
      });
    });
    section.querySelectorAll(".veil").forEach(function (veil) {
      veil.setAttribute("x", solve.edges[k + 1]);
      veil.setAttribute("width", solve.right - solve.edges[k + 1]);
    });
    section.querySelectorAll("dd").forEach(function (item, i) { item.textContent = solve.texts[k][i]; });
  }

  function show(position) {
    solves.forEach(function (solve, i) {
      var count = solve.xs.length;
      if (count === 0) return;
      var k = position - starts[i];
      showStep(sections[i], solve, Math.max(0, Math.min(count - 1, k)), k < 0);
      if (k < 0 || k >= count) return;
      var text = "step " + solve.texts[k][0] + ", residual " + solve.texts[k][2] + ": " + solve.name;
      output.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    });
  }

  function go(position) {
    slider.value = String(position);
    show(position);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
  }

  button.addEventListener("click", function () {
    if (timer !== null) return pause();
    button.textContent = "Pause";
    if (Number(slider.value) >= total - 1) go(0);
    timer = setInterval(function () {
      var next = Number(slider.value) + 1;
      go(Math.min(next, total - 1));
      if (next >= total - 1) pause();
    }, Math.max(40, Math.min(250, 10000 / total)));
  });
  slider.addEventListener("input", function () { pause(); show(Number(slider.value)); });
  sections.forEach(function (section, i) {
    section.querySelectorAll("figure svg").forEach(function (svg) {
      svg.addEventListener("click", function (event) {
        var box = svg.getBoundingClientRect();
        var x = (event.clientX - box.left) / box.width * 400;
        var k = 0;
        while (k < solves[i].xs.length - 1 && x > solves[i].edges[k + 1]) k++;
        pause();
        go(starts[i] + k);
      });
    });
  });
  controls.hidden = false;
  go(total - 1);
})();
`.trim();
