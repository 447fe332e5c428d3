//! The data of a function for the script of a page: JSON, deflated, in base64.
//!
//! Lines are sorted by value or block, so that the states of a value stand side by side, where they compress well, and a line
//! that replaces another is mostly the next one. Lists of numbers hold differences where neighbours are alike.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minigo_story::record::{Edit, Record};
use serde::Serialize;

use crate::frames::Frames;
use crate::layout::{FOLDED_ABOVE, Layout, folded, layout};
use crate::{Function, Line};

/// The level of compression: higher ones take twice the time for a hundredth of the size.
const LEVEL: u8 = 8;

/// Returns data as it stands in pages: deflated, in base64.
pub fn encode(json: &str) -> String {
    STANDARD.encode(miniz_oxide::deflate::compress_to_vec_zlib(
        json.as_bytes(),
        LEVEL,
    ))
}

/// The data of a function.
#[derive(Serialize)]
struct Data<'a> {
    name: &'a str,
    go: &'a str,
    func: &'a str,
    header: &'a str,
    /// Number in positions, index of the file, and whether the code was inlined.
    places: Vec<(u32, usize, bool)>,
    /// The lines of dumps, sorted.
    lines: String,
    passes: Vec<Pass<'a>>,
    values: Values<'a>,
    blocks: Blocks,
    graphs: Vec<Graph>,
    listing: Listing<'a>,
    frames: Frames<'a>,
}

#[derive(Serialize)]
struct Pass<'a> {
    name: &'a str,
    recorded: bool,
    /// Numbers of blocks and values.
    nb: usize,
    nv: usize,
    graph: usize,
    /// For each edit: lines kept, lines removed, lines inserted, and these: as differences to the lines that they replace,
    /// then to the one before.
    edits: Vec<i64>,
}

/// Lives of values, by number and generation.
#[derive(Serialize)]
struct Values<'a> {
    /// Differences of numbers.
    ids: Vec<i64>,
    born: Vec<usize>,
    /// The number of states that have them; 0 if all do to the end.
    lasts: Vec<usize>,
    /// For each value the number of its steps, and for each step pass, operation, and rule or -1.
    steps: Vec<i64>,
    ops: Vec<&'a str>,
    /// Name and place of each.
    rules: Vec<(&'a str, &'a str)>,
    /// For each value its register or slot, or -1.
    homes: Vec<i64>,
    home: Vec<&'a str>,
}

#[derive(Default, Serialize)]
struct Blocks {
    ids: Vec<i64>,
    born: Vec<usize>,
    lasts: Vec<usize>,
}

/// A layout, and one with folded loops for large graphs.
#[derive(Serialize)]
struct Graph {
    all: Nodes,
    folded: Option<Nodes>,
}

#[derive(Default, Serialize)]
struct Nodes {
    up: u32,
    down: u32,
    /// Differences of block numbers.
    ids: Vec<i64>,
    /// Differences of layers.
    layers: Vec<i64>,
    columns: Vec<u32>,
    depths: Vec<u32>,
    /// The number of blocks that each stands for; empty if it is one each.
    sizes: Vec<u32>,
    /// Lanes, or -1.
    ups: Vec<i64>,
    downs: Vec<i64>,
    /// For each node the number of its successors, and these, as differences to the node.
    succs: Vec<i64>,
}

#[derive(Serialize)]
struct Listing<'a> {
    /// Differences of offsets.
    pcs: Vec<i64>,
    /// All bytes; those of a line end where the next line begins.
    bytes: String,
    texts: Strings<'a>,
    /// Number of the place and line of the source; differences of both.
    places: Vec<i64>,
    source: Vec<i64>,
    who: Vec<usize>,
    en: Strings<'a>,
    zh: Strings<'a>,
    /// The number of a value, negative that of a block, or 0.
    origins: Vec<i64>,
}

/// Texts, each once, and for each place in a list the one that stands there.
#[derive(Default, Serialize)]
struct Strings<'a> {
    table: Vec<&'a str>,
    at: Vec<usize>,
}

/// Numbers texts in the order of first appearance.
#[derive(Default)]
struct Table<'a> {
    known: BTreeMap<&'a str, usize>,
    texts: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        let next = self.texts.len();
        let number = *self.known.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }
}

impl<'a> FromIterator<&'a str> for Strings<'a> {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Strings<'a> {
        let mut table = Table::default();
        let at = texts.into_iter().map(|text| table.number(text)).collect();
        Strings {
            table: table.texts,
            at,
        }
    }
}

/// Returns the differences between neighbours; the first is to 0.
fn differences(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut last = 0;
    numbers
        .map(|number| number - std::mem::replace(&mut last, number))
        .collect()
}

/// Returns the data of a function as JSON.
pub fn function_json(function: &Function) -> String {
    let empty = Record::default();
    let record = function.record.unwrap_or(&empty);
    let order = Order::new(record);
    let inlined = |number: u32| {
        let mut places = record.places.iter();
        places.any(|place| place.number == number && place.inlined)
    };
    let places = function.places.iter();
    let pcs: Vec<u32> = function.lines.iter().map(|line| line.pc).collect();
    let data = Data {
        name: &function.name,
        go: &function.go,
        func: &record.func,
        header: &function.header,
        places: places
            .map(|&(number, file)| (number, file, inlined(number)))
            .collect(),
        lines: order.text(record),
        passes: passes(record, &order),
        values: values(record),
        blocks: blocks(record),
        graphs: record.graphs.iter().map(graph).collect(),
        listing: listing(&function.lines),
        frames: Frames::new(&function.frames, &pcs, function.first_frame),
    };
    serde_json::to_string(&data).expect("plain data is JSON")
}

/// The order of lines in pages.
struct Order {
    /// The lines in order.
    sorted: Vec<u32>,
    /// The place of each line.
    place: Vec<i64>,
}

impl Order {
    fn new(record: &Record) -> Order {
        let mut sorted: Vec<u32> = (0..record.lines.len() as u32).collect();
        // Blocks, then values, then names; by number.
        sorted.sort_by_cached_key(|&line| {
            let text = record.lines[line as usize].trim_start();
            let kind = ["b", "v", "name "]
                .iter()
                .position(|kind| text.starts_with(kind));
            let digits = text[1..].split(|c: char| !c.is_ascii_digit()).next();
            let number = digits.and_then(|digits| digits.parse::<u32>().ok());
            (kind, number, line)
        });
        let mut place = vec![0; sorted.len()];
        for (at, &line) in sorted.iter().enumerate() {
            place[line as usize] = at as i64;
        }
        Order { sorted, place }
    }

    fn text(&self, record: &Record) -> String {
        let lines = self.sorted.iter();
        let lines = lines.map(|&line| record.lines[line as usize].as_str());
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn passes<'a>(record: &'a Record, order: &Order) -> Vec<Pass<'a>> {
    let mut state: Vec<u32> = Vec::new();
    let mut passes = Vec::with_capacity(record.passes.len());
    for (at, pass) in record.passes.iter().enumerate() {
        let mut edits = Vec::new();
        let mut old = state.iter();
        for Edit {
            keep,
            remove,
            insert,
        } in &pass.edits
        {
            edits.extend([*keep, *remove, insert.len()].map(|n| n as i64));
            old.by_ref().take(*keep).for_each(drop);
            let removed: Vec<u32> = old.by_ref().take(*remove).copied().collect();
            let mut last = 0;
            for (index, &line) in insert.iter().enumerate() {
                let place = order.place[line as usize];
                if let Some(&removed) = removed.get(index) {
                    last = order.place[removed as usize];
                }
                edits.push(place - std::mem::replace(&mut last, place));
            }
        }
        state = record.next_state(&state, at);
        passes.push(Pass {
            name: &pass.name,
            recorded: pass.recorded,
            nb: pass.num_blocks,
            nv: pass.num_values,
            graph: pass.graph,
            edits,
        });
    }
    passes
}

fn values(record: &Record) -> Values<'_> {
    let mut ops = Table::default();
    let mut places = Table::default();
    let mut rules: Vec<(&str, &str)> = Vec::new();
    let mut home = Table::default();
    let mut steps = Vec::new();
    let mut names = Table::default();
    for pass in &record.passes {
        names.number(&pass.name);
    }
    for value in &record.values {
        steps.push(value.steps.len() as i64);
        for step in &value.steps {
            let rule = step.rule.as_ref().map_or(-1, |rule| {
                let number = places.number(&rule.place);
                if number == rules.len() {
                    rules.push((&rule.name, &rule.place));
                }
                number as i64
            });
            let [pass, op] = [names.number(&step.pass), ops.number(&step.op)];
            steps.extend([pass as i64, op as i64, rule]);
        }
    }
    let all = record.values.iter();
    let homes = all.clone().map(|value| {
        let home = value.home.as_deref().map(|text| home.number(text));
        home.map_or(-1, |number| number as i64)
    });
    Values {
        homes: homes.collect(),
        ids: differences(all.clone().map(|value| number(&value.id))),
        born: all.clone().map(|value| value.born).collect(),
        lasts: all.map(|value| lasts(value.born, value.died)).collect(),
        steps,
        ops: ops.texts,
        rules,
        home: home.texts,
    }
}

fn blocks(record: &Record) -> Blocks {
    let all = record.blocks.iter();
    Blocks {
        ids: differences(all.clone().map(|block| number(&block.id))),
        born: all.clone().map(|block| block.born).collect(),
        lasts: all.map(|block| lasts(block.born, block.died)).collect(),
    }
}

fn lasts(born: usize, died: Option<usize>) -> usize {
    died.map_or(0, |died| died - born)
}

/// Returns the number in an identity such as `v8.0`.
fn number(id: &str) -> i64 {
    let digits = id[1..].split('.').next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn graph(graph: &minigo_story::record::Graph) -> Graph {
    let is_large = graph.blocks.len() > FOLDED_ABOVE;
    Graph {
        all: Nodes::new(&layout(graph)),
        folded: is_large.then(|| Nodes::new(&folded(graph))),
    }
}

impl Nodes {
    fn new(layout: &Layout) -> Nodes {
        let nodes = layout.nodes.iter();
        let lane = |lane: Option<u32>| lane.map_or(-1, i64::from);
        let mut succs = Vec::new();
        for (at, node) in layout.nodes.iter().enumerate() {
            succs.push(node.succs.len() as i64);
            succs.extend(node.succs.iter().map(|&to| i64::from(to) - at as i64));
        }
        let are_blocks = nodes.clone().all(|node| node.size == 1);
        Nodes {
            up: layout.up_lanes,
            down: layout.down_lanes,
            ids: differences(nodes.clone().map(|node| node.block.into())),
            layers: differences(nodes.clone().map(|node| node.layer.into())),
            columns: nodes.clone().map(|node| node.column).collect(),
            depths: nodes.clone().map(|node| node.depth).collect(),
            sizes: match are_blocks {
                true => Vec::new(),
                false => nodes.clone().map(|node| node.size).collect(),
            },
            ups: nodes.clone().map(|node| lane(node.up)).collect(),
            downs: nodes.map(|node| lane(node.down)).collect(),
            succs,
        }
    }
}

fn listing(lines: &[Line]) -> Listing<'_> {
    let all = lines.iter();
    let bytes = all.clone().flat_map(|line| &line.bytes);
    let pos = all.clone().map(|line| line.pos.unwrap_or((0, 0)));
    let who = |line: &Line| {
        let mut all = minigo_story::why::Who::ALL.iter();
        all.position(|&who| who == line.who).unwrap_or(0)
    };
    let origin = |line: &Line| match (line.value, line.block) {
        (Some(v), _) => v.id() as i64,
        (None, Some(b)) => -(b.id() as i64),
        (None, None) => 0,
    };
    Listing {
        pcs: differences(all.clone().map(|line| line.pc.into())),
        bytes: bytes.map(|byte| format!("{byte:02x}")).collect(),
        texts: all.clone().map(|line| line.text.as_str()).collect(),
        places: differences(pos.clone().map(|(place, _)| place.into())),
        source: differences(pos.map(|(_, line)| line.into())),
        who: all.clone().map(who).collect(),
        en: all.clone().map(|line| line.why[0].as_str()).collect(),
        zh: all.clone().map(|line| line.why[1].as_str()).collect(),
        origins: all.map(origin).collect(),
    }
}
