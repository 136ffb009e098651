"use strict";
// Puts what the server sends in the place of the elements with the same ids, and says how old
// it is. Nothing is asked for while the page is hidden.
const line = document.getElementById("live"), updated = document.getElementById("updated");
const pause = document.getElementById("pause"), bar = document.getElementById("stale");
let source = null, timer = 0, failures = 0, paused = false;

function end() {
	clearTimeout(timer);
	if (source) source.close();
	source = null;
}

function start() {
	end();
	if (paused || document.hidden) return;
	source = new EventSource(line.dataset.stream);
	source.onmessage = show;
	source.onerror = fail;
	timer = setTimeout(fail, 30000);
}

function fail() {
	end();
	if (++failures > 1) {
		bar.textContent = "No connection. These figures are old: " + updated.textContent + ".";
		bar.hidden = false;
	}
	timer = setTimeout(start, 3000);
}

function show(message) {
	clearTimeout(timer);
	timer = setTimeout(fail, 30000);
	failures = 0;
	bar.hidden = true;
	const box = document.createElement("template");
	box.innerHTML = message.data;
	for (const fresh of [...box.content.children]) {
		const old = document.getElementById(fresh.id);
		if (old === updated) {
			if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
		} else if (old) replace(old, fresh);
	}
}

// replace keeps what is open, how far boxes are scrolled, and what has the focus.
function replace(old, fresh) {
	const both = (selector, take) => old.querySelectorAll(selector).forEach((e, i) => {
		const same = fresh.querySelectorAll(selector)[i];
		if (same) take(e, same);
	});
	both("details", (e, same) => { same.open = e.open; });
	if (old.isEqualNode(fresh)) return;
	const stops = box => [...box.querySelectorAll("a[href], summary, [tabindex]")], had = stops(old).indexOf(document.activeElement);
	const lefts = [...old.querySelectorAll(".scroll")].map(e => e.scrollLeft);
	const name = e => e && e.localName + (e.getAttribute("href") || e.getAttribute("aria-label"));
	const wanted = name(document.activeElement), all = stops(fresh);
	old.replaceWith(fresh);
	fresh.querySelectorAll(".scroll").forEach((e, i) => { e.scrollLeft = lefts[i] || 0; });
	if (had < 0 || all.length === 0) return;
	const next = name(all[had]) === wanted ? all[had] : all.find(e => name(e) === wanted) || all[Math.min(had, all.length - 1)];
	next.focus({preventScroll: true});
}

pause.hidden = false;
pause.addEventListener("click", () => {
	paused = !paused;
	pause.textContent = paused ? "Go on" : "Pause";
	start();
});
document.addEventListener("visibilitychange", start);
start();
