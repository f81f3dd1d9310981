// Where the delegation is: what the server last said, and on top of it what this phone has taken down since. As guide/tours/walking/walk.py.

const MINUTE = 60_000;

// `now` is the server's, `entries` wait to be sent.
export function placeOf(now, entries) {
  const numbers = new Map(Object.entries(now.added ?? {})); // a phone may remember what an older page wrote
  const place = {
    state: now.state,
    stops: [...now.stops],
    stop: now.stop,
    onTheWay: now.on_the_way,
    paused: now.paused,
    seen: new Set(now.seen),
    skipped: new Set(now.skipped),
    count: now.count,
    startedAt: now.started_at && Date.parse(now.started_at),
    finishedAt: now.finished_at && Date.parse(now.finished_at),
  };
  for (const entry of entries) take(place, entry, numbers.get(entry.stop) ?? entry.stop, numbers);
  return place;
}

function take(place, entry, stop, numbers) {
  const at = Date.parse(entry.at);
  switch (entry.kind) {
    case "started":
      place.startedAt ??= at;
      break;
    case "arrived":
      place.startedAt ??= at;
      Object.assign(place, { stop, onTheWay: false, paused: false });
      place.skipped.delete(stop);
      place.seen.add(stop);
      break;
    case "left":
      Object.assign(place, { onTheWay: true, paused: false });
      break;
    case "paused":
      place.paused = true;
      break;
    case "resumed":
      place.paused = false;
      break;
    case "skipped":
      if (stop !== place.stop) place.skipped.add(stop);
      break;
    case "counted":
      place.count = entry.number;
      break;
    case "added":
      if (!numbers.has(entry.key)) place.stops.splice(place.stops.indexOf(place.stop) + 1, 0, entry.key);
      break;
    case "finished":
      place.finishedAt = at;
      break;
  }
  if (["started", "arrived", "finished"].includes(entry.kind) && place.state === "confirmed") place.state = "under-way";
  if (entry.kind === "finished" && place.state === "under-way") place.state = "completed";
}

export function nextOf({ stops, stop, skipped }) {
  return stops.slice(stops.indexOf(stop) + 1).find((one) => !skipped.has(one));
}

// Where Back leads: to the stop that was left, or the one before it.
export function backOf({ stops, stop, skipped, onTheWay }) {
  if (!stop) return undefined;
  return onTheWay ? stop : stops.slice(0, Math.max(stops.indexOf(stop), 0)).findLast((one) => !skipped.has(one));
}

// Minutes behind the plan; negative when before it, 0 on time, null when there is no plan to compare with.
export function behind(place, stops, startsAt, now) {
  const at = place.startedAt ? place.stops.indexOf(place.stop) : -1;
  const here = stops.get(place.stop);
  if (!place.startedAt) return startsAt && now > startsAt ? minutes(now - startsAt) : null;
  if (here?.leave_at && !place.onTheWay) {
    const leave = Date.parse(here.leave_at);
    if (now > leave) return minutes(now - leave);
    return Math.min(0, minutes(now - (leave - here.minutes * MINUTE)));
  }
  const next = place.stops.slice(at + 1).map((one) => stops.get(one)).find((one) => one?.leave_at);
  if (!next) return null;
  const arrive = Date.parse(next.leave_at) - next.minutes * MINUTE;
  return now > arrive ? minutes(now - arrive) : 0;
}

// Where the plan is now, in minutes of the stops before it: walking takes no room in the band.
export function planned(place, stops, now) {
  let before = 0;
  for (const one of place.stops) {
    const stop = stops.get(one);
    if (!stop) continue;
    const begins = stop.leave_at && Date.parse(stop.leave_at) - stop.minutes * MINUTE;
    if (begins && now < begins + stop.minutes * MINUTE) return before + Math.max(0, now - begins) / MINUTE;
    before += stop.minutes;
  }
  return before;
}

const minutes = (span) => Math.trunc(span / MINUTE);
