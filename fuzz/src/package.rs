//! The target `vet`, and packages as texts: the files of a package are sections of a txtar archive.

use minigo::{Source, Tool};
use minigo_tests::Archive;
use minigo_vet::{Checks, Input, Profile, Source as VetSource};

use crate::random::Random;
use crate::{asm_mutations, go_mutations};

/// The files of a package.
pub struct Files {
    archive: Archive,
}

impl Files {
    /// Reads a text. What precedes its first section is Go.
    pub fn read(input: &[u8]) -> Files {
        let mut archive = Archive::parse(&String::from_utf8_lossy(input));
        if !archive.comment.is_empty() {
            let go = std::mem::take(&mut archive.comment);
            archive.sections.insert(0, ("x.go".to_owned(), go));
        }
        Files { archive }
    }

    /// Returns the files in order.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        let sections = self.archive.sections.iter();
        sections.map(|(name, text)| Source::new(name.as_str(), text.as_bytes()))
    }
}

/// Vets a package as each version does, and writes the skeleton of its assembly file.
pub fn vet(input: &[u8]) {
    let files = Files::read(input);
    let (assembly, go): (Vec<Source>, Vec<Source>) = files.sources().partition(Source::is_assembly);
    let as_read = |source: Source| VetSource {
        name: source.name,
        text: source.text,
    };
    let assembly: Vec<VetSource> = assembly.into_iter().map(as_read).collect();
    let go: Vec<VetSource> = go.into_iter().map(as_read).collect();
    let input = Input {
        path: "example",
        go: &go,
        assembly: &assembly,
    };
    let importer = |_: &str| None;
    let includes = |name: &str| Err(format!("open {name}: no such file or directory"));
    for version in Tool::Vet.versions() {
        let profile = Profile::of(version).expect("the version has a go vet");
        let _ = minigo_vet::vet(input, profile, Checks::ALL, &importer, &includes);
        let _ = minigo_vet::stub(input, profile, &importer);
    }
}

/// Returns a package with a change in one file, or nothing if it has no files.
pub fn mutated(text: &str, random: &mut Random) -> Option<String> {
    let mut archive = Archive::parse(text);
    let at = random.below(archive.sections.len() + 1);
    let Some((name, section)) = archive.sections.get_mut(at) else {
        return archive
            .sections
            .is_empty()
            .then(|| go_mutations::mutated(text, random));
    };
    *section = match name.ends_with(".s") {
        true => asm_mutations::changed(section, random),
        false => go_mutations::mutated(section, random),
    };
    Some(archive.render())
}
