//! Instructions of a hand-written function that are encoded as soon as they are read.
//!
//! Most instructions have the same bytes wherever they stand. A function that is only assembled keeps these as bytes: one
//! [`Prog`](crate::Prog) stands for a run of them.

use std::ops::Range;

use crate::prog::ProgId;
use crate::reloc::Reloc;

/// The bytes of one instruction.
#[derive(Clone, Copy)]
pub(crate) struct InstructionBytes {
    bytes: [u8; InstructionBytes::MAX_LEN],
    len: u8,
}

impl InstructionBytes {
    /// The longest legal instruction, in bytes.
    const MAX_LEN: usize = 15;

    /// The bytes of an instruction; none if there are no bytes, or more than an instruction may have.
    pub(crate) fn new(code: &[u8]) -> Option<InstructionBytes> {
        let mut bytes = [0; Self::MAX_LEN];
        let len = code.len();
        bytes.get_mut(..len)?.copy_from_slice(code);
        (len > 0).then_some(InstructionBytes {
            bytes,
            len: len as u8,
        })
    }

    /// Appends the bytes. Copying the whole array takes no loop.
    fn append_to(&self, code: &mut Vec<u8>) {
        let end = code.len() + usize::from(self.len);
        code.extend_from_slice(&self.bytes);
        code.truncate(end);
    }
}

/// An encoded instruction with its relocation, whose offset is relative to the instruction.
#[derive(Clone, Copy)]
pub(crate) struct Encoded {
    pub bytes: InstructionBytes,
    pub reloc: Option<Reloc>,
}

/// The encoded instructions of a function, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct EncodedRuns {
    /// In the order of the function.
    runs: Vec<Run>,
    code: Vec<u8>,
    /// Offsets are indices into `code`.
    relocs: Vec<Reloc>,
    /// The length of each instruction of `code`.
    lens: Vec<u8>,
}

/// Consecutive encoded instructions.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The instruction of the function that stands for the run.
    pub id: ProgId,
    /// The number of the first instruction in its file.
    number: u32,
    /// The part of the code.
    pub code: Range<u32>,
}

/// The lengths of the lists of [`EncodedRuns`].
pub(crate) type Lens = [usize; 4];

impl EncodedRuns {
    /// Returns no runs, with room for lists of such lengths.
    pub(crate) fn with_capacity([runs, code, relocs, lens]: Lens) -> EncodedRuns {
        EncodedRuns {
            runs: Vec::with_capacity(runs),
            code: Vec::with_capacity(code),
            relocs: Vec::with_capacity(relocs),
            lens: Vec::with_capacity(lens),
        }
    }

    /// The lengths of the lists.
    pub(crate) fn lens(&self) -> Lens {
        let EncodedRuns {
            runs,
            code,
            relocs,
            lens,
        } = self;
        [runs.len(), code.len(), relocs.len(), lens.len()]
    }

    /// Reports whether `id` stands for the last run, which more instructions may join.
    pub(crate) fn ends_with(&self, id: ProgId) -> bool {
        self.runs.last().is_some_and(|run| run.id == id)
    }

    /// Begins a run that `id` stands for. `number` is that of its first instruction in the file.
    pub(crate) fn begin(&mut self, id: ProgId, number: u32) {
        let end = self.code.len() as u32;
        let code = end..end;
        self.runs.push(Run { id, number, code });
    }

    /// Appends an instruction to the last run.
    #[inline]
    pub(crate) fn append(&mut self, bytes: &InstructionBytes, reloc: Option<&Reloc>) {
        let start = self.code.len() as u32;
        bytes.append_to(&mut self.code);
        if let Some(reloc) = reloc {
            let off = start + reloc.off;
            self.relocs.push(Reloc { off, ..*reloc });
        }
        self.lens.push(bytes.len);
        if let Some(run) = self.runs.last_mut() {
            run.code.end = start + u32::from(bytes.len);
        }
    }

    /// Finds the encoded instruction with a number, in runs whose first one has number `min` or more.
    ///
    /// Returns the id of its run if it is the first there. Otherwise it divides the run, whose id it returns with the
    /// code from the instruction on, for which [`Self::insert_after`] must then make a run. `starts` are
    /// [`Self::starts`].
    pub(crate) fn split(
        &mut self,
        number: u32,
        min: u32,
        starts: &[u32],
    ) -> Option<(ProgId, Option<Range<u32>>)> {
        let index = self.runs.partition_point(|run| run.number <= number);
        let run = &mut self.runs[index.checked_sub(1)?];
        if run.number == number {
            return Some((run.id, None));
        }
        if run.number < min {
            return None;
        }
        let first = starts.partition_point(|&start| start < run.code.start);
        let start = *starts.get(first + (number - run.number) as usize)?;
        if start >= run.code.end {
            return None;
        }
        let rest = start..run.code.end;
        run.code.end = start;
        Some((run.id, Some(rest)))
    }

    /// Makes a run of the code that [`Self::split`] has cut off from another one.
    pub(crate) fn insert_after(
        &mut self,
        before: ProgId,
        id: ProgId,
        number: u32,
        code: Range<u32>,
    ) {
        let index = self.runs.partition_point(|run| run.number < number);
        debug_assert_eq!(self.runs[index - 1].id, before);
        self.runs.insert(index, Run { id, number, code });
    }

    /// The offset in the code of each instruction.
    pub(crate) fn starts(&self) -> Vec<u32> {
        let lens = self.lens.iter();
        let starts = lens.scan(0, |next, &len| {
            let start = *next;
            *next += u32::from(len);
            Some(start)
        });
        starts.collect()
    }

    /// Returns the code, its relocations in order, and the runs.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<Reloc>, Vec<Run>) {
        (self.code, self.relocs, self.runs)
    }
}
