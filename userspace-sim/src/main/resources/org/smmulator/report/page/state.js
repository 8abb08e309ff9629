// The state of tables and TLBs at any moment, rebuilt from the events before it.

const PAGE = 4096;
const NAMELESS = "a domain";

/** A table: its mappings by where they begin, and these in order, once somebody asks. */
class Space {
  constructor(name, kernel) { this.name = name; this.kernel = kernel; this.maps = new Map(); this.order = null; }

  copy() { const other = new Space(this.name, this.kernel); other.maps = new Map(this.maps); other.order = this.order; return other; }

  map(from, size, pa, at) { this.maps.set(from, { from, size, pa, at }); this.order = null; }

  /** Takes a range away; what it cuts keeps its rest. */
  unmap(from, size) {
    this.order = null;
    if (this.maps.get(from)?.size === size) { this.maps.delete(from); return; }
    for (const map of [...this.maps.values()]) {
      if (map.from >= from + size || map.from + map.size <= from) continue;
      this.maps.delete(map.from);
      const before = from - map.from, after = map.from + map.size - (from + size);
      if (before > 0) this.maps.set(map.from, { ...map, size: before });
      if (after > 0) this.maps.set(from + size, { ...map, from: from + size, size: after, pa: map.pa + (map.size - after) });
    }
  }

  sorted() { return this.order ??= [...this.maps.values()].sort((one, other) => one.from - other.from); }

  /** The mapping that covers {@code iova}; undefined if there is none. */
  at(iova) {
    const maps = this.sorted();
    let low = 0, high = maps.length;
    while (low < high) { const middle = (low + high) >> 1; if (maps[middle].from <= iova) low = middle + 1; else high = middle; }
    const map = maps[low - 1];
    return map && iova < map.from + map.size ? map : undefined;
  }
}

/** How many events are gone through at most before a moment that was not looked at. */
const EVERY = 16_384;

/** The states of one run. */
class States {
  constructor(events) {
    this.events = events;
    this.kept = [this.fresh()];
    this.state = this.fresh();
  }

  fresh() { return { moment: 0, spaces: new Map(), freed: new Set(), tlb: new Map(), banks: new Map() }; }

  copy(s) {
    return {
      moment: s.moment, freed: new Set(s.freed), banks: new Map(s.banks),
      spaces: new Map([...s.spaces].map(([base, space]) => [base, space.copy()])),
      tlb: new Map([...s.tlb].map(([name, entries]) => [name, new Map(entries)])),
    };
  }

  /** The state after {@code moment} events; good until the next call. */
  at(moment) {
    if (moment < this.state.moment) this.state = this.copy(this.kept[Math.min(this.kept.length - 1, Math.floor(moment / EVERY))]);
    const s = this.state;
    while (s.moment < moment) {
      this.apply(s, s.moment++);
      if (s.moment === this.kept.length * EVERY) this.kept.push(this.copy(s));
    }
    return s;
  }

  /** A table, which may be mapped into before a device goes through it and gives it a name. */
  space(s, base, name, kernel = false) {
    if (!s.spaces.has(base)) s.spaces.set(base, new Space(name || "table", kernel));
    const space = s.spaces.get(base);
    if (space.name === NAMELESS && name) space.name = name;
    return space;
  }

  apply(s, at) {
    const e = this.events, base = () => e.number(at, "base");
    switch (e.texts[e.kinds[at]]) {
      case "bind": this.space(s, base()).name = e.text(at, "who"); s.freed.delete(base()); break;
      case "unbind": s.spaces.delete(base()); s.freed.add(base()); break;
      case "map":
        this.space(s, base(), e.text(at, "iommu"), e.text(at, "iommu") !== "").map(e.place(at), e.number(at, "size"), e.number(at, "pa"), at);
        break;
      case "unmap": this.space(s, base()).unmap(e.place(at), e.number(at, "size")); break;
      case "switch": s.banks.set(`${e.text(at, "iommu")} bank ${e.number(at, "number")}`, at); break;
      case "fill": this.entries(s, at).set(this.key(at), at); break;
      case "drop": this.entries(s, at).delete(this.key(at)); break;
      case "empty": this.entries(s, at).clear(); break;
    }
  }

  /** The TLB's entries of the IOMMU and the space of an event. */
  entries(s, at) {
    const name = `${this.events.text(at, "iommu")} ${this.events.number(at, "number")}`;
    if (!s.tlb.has(name)) s.tlb.set(name, new Map());
    return s.tlb.get(name);
  }

  /** Where the entry begins, and a fraction that tells its size. */
  key(at) {
    const shift = this.events.number(at, "shift"), bytes = 2 ** shift;
    return Math.floor(this.events.place(at) / bytes) * bytes + shift / 64;
  }

  /** "valid", or what the table says instead of what the entry says. */
  judge(s, at) {
    const e = this.events, base = e.number(at, "base"), space = s.spaces.get(base);
    if (!space) return s.freed.has(base) ? "STALE: the table is freed" : "valid; not a table of the IOMMU core's";
    const iova = e.place(at), pa = e.number(at, "pa"), bytes = 2 ** e.number(at, "shift");
    const first = Math.floor(iova / bytes) * bytes, last = first + bytes - Math.min(PAGE, bytes);
    for (const where of new Set([first, iova, last])) {
      const map = space.at(where);
      if (!map) return "STALE: unmapped";
      if (Math.floor((map.pa + where - map.from) / PAGE) !== Math.floor((pa + where - iova) / PAGE)) return "STALE: mapped elsewhere";
    }
    return "valid";
  }
}
