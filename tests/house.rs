//! The order of the house: imports that point one way, files of a readable length, and papers that agree with one another.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the ground up: a file uses only what stands before it, and what shares its folder.
const ORDER: [&[&str]; 15] = [
    &["error", "units", "numeric", "file", "sheet", "workers"],
    &["random", "assay"],
    &["profile", "regimen"],
    &["absorption", "meal_effect", "disposition", "model", "number", "notes", "phases"],
    &["engine", "propagate", "course", "balance", "steady_state", "sensitivity", "ode"],
    &["nca"],
    &["records"],
    &["population"],
    &["fit"],
    &["design"],
    &["vitamer", "observed", "intake", "what_if"],
    &["food"],
    &["diary"],
    &["marker", "antagonist"],
    &["chart"],
];

/// The most lines a source file may have, docs and unit tests included.
const MOST_LINES: usize = 380;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder above that of the tests")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder with this extension, as paths from the root of the repository, in order.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The value of `key = "value"` in Cargo.toml.
fn manifest(key: &str) -> String {
    let manifest = read("Cargo.toml");
    let line = manifest.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("Cargo.toml has no {key}")).trim_matches('"').to_owned()
}

// ---------------------------------------------------------------------------------------------------------- manifests

/// A file that no manifest names is neither compiled nor run.
#[test]
fn every_test_and_every_bench_has_its_entry() {
    for (folder, kind) in [("tests", "test"), ("tests/whole", "test"), ("benches", "bench")] {
        let manifest = read(format!("{folder}/Cargo.toml"));
        let head = format!("[[{kind}]]\n");
        let entries = manifest.split(&head).skip(1);
        let named: BTreeSet<_> = entries.filter_map(|entry| entry.lines().nth(1)?.strip_prefix("path = ")).collect();
        let there: BTreeSet<_> = files(folder, "rs")
            .iter()
            .filter(|file| file.parent() == Some(Path::new(folder)))
            .map(|file| format!("{:?}", file.file_name().expect("a name").to_string_lossy()))
            .collect();
        assert_eq!(named, there.iter().map(String::as_str).collect(), "{folder}/Cargo.toml against {folder}/");
    }
}

/// What stands there is compiled before the first example runs, needed or not.
#[test]
fn examples_wait_for_the_library_alone() {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("\n[dev-dependencies]\n").expect("a section");
    let section = rest.split("\n[").next().unwrap_or_default();
    let names: Vec<&str> = section.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
    assert_eq!(names, ["menaquinone"]);
}

/// The library of `tests/whole` is the library with every feature but that of the command line, which changes nothing in it.
#[test]
fn the_whole_library_has_every_feature() {
    let section = |manifest: &str, name: &str| {
        let text = read(manifest);
        let (_, rest) = text.split_once(&format!("\n[{name}]\n")).expect("a section");
        let lines = rest.lines().take_while(|line| !line.starts_with('['));
        let names = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split([' ', '.']).next());
        names.filter(|name| !name.is_empty()).map(String::from).collect::<BTreeSet<String>>()
    };
    let without = |mut names: BTreeSet<String>, left_out: &[&str]| {
        names.retain(|name| !left_out.contains(&name.as_str()));
        names
    };
    let whole = "tests/whole/Cargo.toml";
    assert_eq!(section(whole, "features"), without(section("Cargo.toml", "features"), &["cli"]));
    let needed = without(section("Cargo.toml", "dependencies"), &["clap", "ctrlc", "indicatif", "serde_json", "toml"]);
    assert_eq!(section(whole, "dependencies"), needed);
    assert!(files("src", "rs").iter().all(|file| !read(file).contains("feature = \"cli\"")));
}

// ---------------------------------------------------------------------------------------------------------------- root

/// The names that `lib.rs` hands on.
fn names_at_the_root() -> Vec<String> {
    let text = code_of(&read("src/lib.rs"));
    let handed_on = text.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = handed_on.flat_map(|path| {
        let list = path.rsplit("::").next().unwrap_or(path).trim_matches(['{', '}', ' ', '\n']);
        list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect::<Vec<_>>()
    });
    names.collect()
}

/// A newcomer reads the root first: what stands there is what the first page of the README writes.
#[test]
fn the_root_has_at_most_32_names() {
    let names = names_at_the_root();
    assert!(names.contains(&"Model".to_owned()) && names.contains(&"ZeroOrder".to_owned()), "{names:?}");
    assert!(names.len() <= 32, "{} names: put them into their chapters\n{names:?}", names.len());
}

// ------------------------------------------------------------------------------------------------------------- imports

#[test]
fn imports_point_one_way() {
    let order: Vec<&str> = ORDER.concat();
    let place = |module: &str| order.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    // The command line has the library from outside, as everybody has.
    let is_inside = |file: &&PathBuf| !file.ends_with("src/lib.rs") && !file.starts_with("src/bin");
    for file in files("src", "rs").iter().filter(is_inside) {
        let own = module_of(file);
        let Some(own_place) = place(&own) else {
            wrong.push(format!("{}: give the module `{own}` a place in ORDER", file.display()));
            continue;
        };
        for used in modules_used(&code_of(&read(file))) {
            match place(&used) {
                Some(used_place) if used_place < own_place || used == own => {}
                Some(_) => {
                    wrong.push(format!("{}: `{own}` stands before `{used}` and must not use it", file.display()));
                }
                None => wrong.push(format!("{}: `crate::{used}` is not a module in ORDER", file.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `src/regimen/dose.rs` belongs to `regimen`, `src/model.rs` to `model`.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix("src").expect("a file of the source");
    let first = inside.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without comments and docs.
fn code_of(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first name of every path that starts with `crate::`, those in braces too.
fn modules_used(code: &str) -> BTreeSet<String> {
    names_after(code, "crate::")
}

/// The name that follows a prefix in every path that begins with it, those in braces too.
fn names_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix).filter(|(at, _)| !code[..*at].ends_with("super::")) {
        let path = &code[at + prefix.len()..];
        match path.strip_prefix('{') {
            Some(group) => names.extend(heads_of_group(group)),
            None => names.extend(head(path)),
        }
    }
    names
}

/// The first name of each path in a group whose opening brace has been read.
fn heads_of_group(group: &str) -> Vec<String> {
    let (mut heads, mut depth, mut expected) = (Vec::new(), 1, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expected = true,
            _ if depth == 1 && expected && !c.is_whitespace() => {
                heads.extend(head(&group[at..]));
                expected = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn head(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn the_reader_of_imports_reads_what_rust_reads() {
    let code = code_of("use crate::{error::{self, Error}, model::Model}; // crate::chart\nfn f(x: crate::units::X) {}");
    assert_eq!(modules_used(&code), ["error", "model", "units"].map(String::from).into());
    assert_eq!(module_of(Path::new("src/regimen/dose.rs")), "regimen");
    assert_eq!(module_of(Path::new("src/model.rs")), "model");
}

// ------------------------------------------------------------------------------------------- the order inside folders

/// A file of a folder that uses another, (folder, file, used), where that closes a circle; and why it may.
type Circle = ((&'static str, &'static str, &'static str), &'static str);

/// Circles that stay.
const CIRCLES: [Circle; 7] = [
    (("ode", "system", "fold"), "the methods that a trait provides call their driver, which takes the trait"),
    (("ode", "system", "meals"), "a method of the trait makes the adapter that implements it"),
    (("food", "form", "content"), "`Form::MK7.at(775.0)` is a content, and a content has its form"),
    (
        ("marker", "kidney", "facts"),
        "a law reads its number from a row, and the rows are literals of what obeys the law",
    ),
    (("regimen", "dose", "repeating"), "the words of a regimen make one another: a dose comes again and again"),
    (("regimen", "dose", "schedule"), "the words of a regimen make one another: a dose once is a regimen"),
    (("regimen", "repeating", "schedule"), "the words of a regimen make one another: a cycle that ends is a regimen"),
];

/// Circles that are to be opened.
const CIRCLES_TO_OPEN: [Circle; 2] = [
    (("numeric", "flow", "row"), "the flow of many rates, which begins with those of one and two"),
    (("records", "check", "table"), "the most records of a table"),
];

#[test]
fn imports_inside_folders_point_one_way() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.to_string_lossy().replace('\\', "/").replacen("src/", "", 1);
        let Inside { mut arrows, smuggled } = Inside::of(&folder);
        wrong.extend(smuggled.iter().map(|path| format!("src/{name}/{path} is an import of mod.rs: import it itself")));
        let listed = CIRCLES.iter().chain(&CIRCLES_TO_OPEN).filter(|((of, ..), _)| *of == name);
        for ((_, user, used), _) in listed {
            if !circles(&arrows).contains(&arrow(user, used)) {
                wrong.push(format!(
                    "src/{name}: `{user}` closes no circle with `{used}` any more: take it from the list"
                ));
            }
            arrows.remove(&arrow(user, used));
        }
        let closed = circles(&arrows);
        wrong.extend(closed.iter().map(|(user, used)| format!("src/{name}: `{user}` uses `{used}` in a circle")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file and another that it uses, by their names without the extension.
type Arrow = (String, String);

fn arrow(user: &str, used: &str) -> Arrow {
    (user.to_owned(), used.to_owned())
}

/// The folders of the source that are modules.
fn folders() -> Vec<PathBuf> {
    let gathers = |file: &PathBuf| file.ends_with("mod.rs");
    files("src", "rs").iter().filter(|file| gathers(file)).filter_map(|file| Some(file.parent()?.to_owned())).collect()
}

/// What the files of a folder take from one another.
struct Inside {
    arrows: BTreeSet<Arrow>,
    /// Names that a file takes from its parent, which has but imported them: `file.rs: super::Name`.
    smuggled: Vec<String>,
}

impl Inside {
    /// By way of what the parent hands on, too. What `mod.rs` itself defines stands before its files, and it gathers them, so
    /// that it has no part in a circle.
    fn of(folder: &Path) -> Self {
        let parent = code_of(&read(folder.join("mod.rs")));
        let imports = imports(&parent);
        let is_sibling = |name: &str| parent.lines().any(|line| line.ends_with(&format!("mod {name};")));
        let inside = folder.strip_prefix("src").expect("a folder of the source").to_string_lossy();
        let own_path = format!("crate::{}::", inside.replace(['/', '\\'], "::"));
        let (mut arrows, mut smuggled) = (BTreeSet::new(), Vec::new());
        for file in files(&folder.to_string_lossy(), "rs") {
            let user = file.file_stem().expect("a name").to_string_lossy().into_owned();
            if file.parent() != Some(folder) || user == "mod" {
                continue;
            }
            let code = code_of(&read(&file));
            let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            for name in ["super::", &own_path].into_iter().flat_map(|prefix| names_after(code, prefix)) {
                let import = imports.iter().find(|import| import.name == name);
                if import.is_some_and(|import| !import.is_handed_on) {
                    smuggled.push(format!("{user}.rs: `super::{name}`"));
                }
                let used = import.map_or(&name, |import| &import.home);
                if is_sibling(used) && *used != user {
                    arrows.insert(arrow(&user, used));
                }
            }
        }
        Self { arrows, smuggled }
    }
}

/// A name that a `use` of a `mod.rs` brings in, the first name of its path, and whether it is handed on.
#[derive(Debug, PartialEq)]
struct Import {
    name: String,
    home: String,
    is_handed_on: bool,
}

fn imports(code: &str) -> Vec<Import> {
    let statements = code.split(';').map(str::trim_start).filter_map(|text| {
        let start = text.rfind("\nuse ").or(text.rfind("\npub")).map_or(0, |at| at + 1);
        let (before, path) = text[start..].split_once("use ")?;
        (before.is_empty() || before.starts_with("pub")).then_some((!before.is_empty(), path))
    });
    let each = |(is_handed_on, path): (bool, &str)| {
        let home = head(path.strip_prefix("self::").unwrap_or(path)).unwrap_or_default();
        let names = match path.split_once('{') {
            Some((_, group)) => heads_of_group(group),
            None => path.rsplit("::").next().and_then(head).into_iter().collect(),
        };
        let import = |name| Import { name, home: home.clone(), is_handed_on };
        names.into_iter().map(import).collect::<Vec<_>>()
    };
    statements.flat_map(each).collect()
}

/// The arrows that lie on a circle: from what is used, others lead back to its user.
fn circles(arrows: &BTreeSet<Arrow>) -> BTreeSet<Arrow> {
    let leads_back = |(user, used): &&Arrow| {
        let mut reached = BTreeSet::from([used]);
        loop {
            let next = arrows.iter().filter(|(from, to)| reached.contains(from) && !reached.contains(to));
            let next: Vec<_> = next.map(|(_, to)| to).collect();
            if next.is_empty() {
                return reached.contains(user);
            }
            reached.extend(next);
        }
    };
    arrows.iter().filter(leads_back).cloned().collect()
}

#[test]
fn the_reader_of_folders_finds_circles_and_what_is_smuggled() {
    let import = |name: &str, home: &str, is_handed_on| Import { name: name.into(), home: home.into(), is_handed_on };
    let code =
        "mod a;\nmod b;\n\npub use a::A;\npub(crate) use self::b::{B, C};\nuse crate::model::Model;\n\nfn f() {}\n";
    let all = [import("A", "a", true), import("B", "b", true), import("C", "b", true), import("Model", "crate", false)];
    assert_eq!(imports(code), all);
    let line = [arrow("a", "b"), arrow("b", "c"), arrow("a", "c")];
    assert!(circles(&line.clone().into()).is_empty());
    let closed: BTreeSet<Arrow> = line.into_iter().chain([arrow("c", "b"), arrow("c", "d")]).collect();
    assert_eq!(circles(&closed), [arrow("b", "c"), arrow("c", "b")].into());
}

#[test]
fn every_module_has_its_place() {
    let library = code_of(&read("src/lib.rs"));
    let declared = library.lines().filter_map(|line| {
        let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')?;
        Some(name.to_owned())
    });
    let placed = ORDER.concat().into_iter().map(String::from);
    assert_eq!(declared.collect::<BTreeSet<_>>(), placed.collect::<BTreeSet<_>>());
}

#[test]
fn files_are_short_enough_to_read() {
    for file in files("src", "rs") {
        let lines = read(&file).lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines, more than {MOST_LINES}: split it", file.display());
    }
}

// ---------------------------------------------------------------------------------------------------------------- docs

/// How a doc begins that leans on its neighbour: in a list or in a search it says nothing.
const LEANING: [&str; 10] =
    ["The same", "That of", "Those of", "The other", "Another ", "It ", "Its ", "They ", "Their ", "As "];

#[test]
fn a_public_doc_names_its_noun() {
    let mut wrong = Vec::new();
    for file in files("src", "rs") {
        let text = read(&file);
        let leaning = public_docs(&text).into_iter().filter(|doc| LEANING.iter().any(|lean| doc.starts_with(lean)));
        wrong.extend(leaning.map(|doc| format!("{}: `{doc}`", file.display())));
    }
    assert!(wrong.is_empty(), "name the noun that these docs are about:\n{}", wrong.join("\n"));
}

/// The first line of the docs of every public item: of functions, types, fields, variants and the methods of traits.
fn public_docs(text: &str) -> Vec<&str> {
    let (mut docs, mut doc, mut in_trait) = (Vec::new(), None, false);
    for line in text.lines() {
        in_trait = (in_trait || line.starts_with("pub trait ")) && line != "}";
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("///") {
            doc = doc.or(Some(rest.trim()));
        } else if !line.starts_with("#[") {
            let is_variant = line.starts_with(|c: char| c.is_uppercase());
            let is_public = line.starts_with("pub ") || is_variant || in_trait && line.starts_with("fn ");
            docs.extend(doc.take().filter(|_| is_public));
        }
    }
    docs
}

#[test]
fn the_reader_of_docs_reads_what_is_public() {
    let text = "/// One.\n/// More.\n#[inline]\npub fn one() {}\n/// Two.\nfn two() {}\n/// Three.\npub(crate) fn three() {}\n\
        /// Four.\npub trait Four {\n    /// Five.\n    fn five();\n}\n/// Six.\nfn six() {}\n";
    assert_eq!(public_docs(text), ["One.", "Four.", "Five."]);
}

/// The command line puts words of its own in the place of those of the library; where a sentence has changed, nothing is replaced.
#[test]
fn what_the_command_line_replaces_is_what_the_library_says() {
    let refusal = read("src/bin/menaquinone/refusal.rs");
    let (_, rest) = refusal.split_once("const WORDS").expect("a table");
    let (table, _) = rest.split_once("\n];").expect("its end");
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ").replace("( \"", "(\"");
    let words: Vec<&str> = table.split("(\"").skip(1).filter_map(|row| row.split('"').next()).collect();
    assert!(words.len() > 10, "{words:?}");
    let joined = |file: &PathBuf| read(file).split_whitespace().collect::<Vec<_>>().join(" ").replace("\\ ", "");
    let library: Vec<String> =
        files("src", "rs").iter().filter(|file| !file.starts_with("src/bin")).map(joined).collect();
    for words in words {
        assert!(library.iter().any(|text| text.contains(words)), "no sentence of the library says `{words}`");
    }
}

// -------------------------------------------------------------------------------------------------------------- papers

#[test]
fn one_rust_version_everywhere() {
    let version = manifest("rust-version");
    let statement = format!("Rust version: {version}");
    for file in ["README.md", "CONTRIBUTING.md"] {
        let text = read(file);
        assert!(text.contains(&statement), "{file} does not say `{statement}`");
        assert_eq!(versions_of_rust(&text), BTreeSet::from([version.clone()]), "{file} names another version of Rust");
    }
    // The gate reads the version from the manifest, so it cannot name another.
    if root().join(".ci/run").exists() {
        let gate = read(".ci/run");
        assert!(gate.contains("s/^rust-version = ") && !gate.contains(&version));
    }
}

/// What follows the word `Rust` or `Rust version:` and looks like `1.95`.
fn versions_of_rust(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let after_rust = words.windows(2).filter(|pair| pair[0] == "Rust" || pair[0] == "version:").map(|pair| pair[1]);
    after_rust.filter(|word| word.starts_with("1.")).map(|word| word.trim_end_matches(['.', ',']).to_owned()).collect()
}

#[test]
fn the_readme_names_every_document_and_every_example() {
    let readme = read("README.md");
    for file in files("docs", "md") {
        let link = format!("]({})", file.to_string_lossy().replace('\\', "/"));
        assert!(readme.contains(&link), "README.md has no link to {}", file.display());
    }
    let examples: BTreeSet<_> = files("examples", "rs")
        .iter()
        .filter(|file| file.components().count() == 2)
        .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let rows = readme.lines().skip_while(|line| *line != "## The examples").skip(1);
    let rows = rows.take_while(|line| !line.starts_with("## ")).filter_map(|line| line.strip_prefix("| `"));
    let named = rows.filter_map(|row| row.split_once("` |")).map(|(name, _)| name.to_owned());
    let named: BTreeSet<_> = named.filter(|name| !name.contains(' ')).collect();
    assert_eq!(named, examples, "the table of examples in README.md against examples/");
}

/// Whoever opens a document sees in its first line whether it is for them.
#[test]
fn every_document_says_whom_it_is_for() {
    for file in files("docs", "md") {
        let text = read(&file);
        let opening: Vec<&str> = text.lines().take(4).collect();
        let [title, "", whom, ""] = opening[..] else { panic!("{}: {opening:?}", file.display()) };
        assert!(
            title.starts_with("# ") && whom.starts_with("*For ") && whom.ends_with('*'),
            "{}: {whom}",
            file.display()
        );
    }
}

#[test]
fn snippets_of_every_paper_are_tests() {
    let library = read("src/lib.rs");
    for file in ["README.md", "CONTRIBUTING.md"].map(PathBuf::from).into_iter().chain(files("docs", "md")) {
        let included = format!("include_str!(\"../{}\")", file.to_string_lossy().replace('\\', "/"));
        assert!(
            !read(&file).contains("```rust") || library.contains(&included),
            "src/lib.rs does not include {file:?}"
        );
        assert!(!read(&file).contains("```rust,"), "{} has a snippet that does not run", file.display());
    }
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let papers = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(PathBuf::from);
    for file in papers.into_iter().chain(files("docs", "md")) {
        let folder = file.parent().expect("a folder");
        for target in links(&read(&file)) {
            assert!(root().join(folder).join(&target).exists(), "{} links to {target}", file.display());
        }
    }
}

/// The targets of the links of a Markdown text that are files of the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.contains(' '));
    files.filter_map(|target| target.split('#').next()).map(String::from).collect()
}

#[test]
fn paths_in_the_documents_lead_somewhere() {
    let papers = ["README.md", "CONTRIBUTING.md"].map(PathBuf::from);
    for file in papers.into_iter().chain(files("docs", "md")) {
        for path in paths(&read(&file)) {
            assert!(root().join(&path).exists(), "{} names {path}, which is not there", file.display());
        }
    }
}

/// The paths of a text that begin with a folder of code, each of `src/a/{b,c}.rs` by itself.
fn paths(text: &str) -> Vec<String> {
    let folders = ["src/", "tests/", "examples/", "benches/"];
    let starts = folders.iter().flat_map(|folder| text.match_indices(folder)).map(|(at, _)| at);
    let inside = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    let found = starts.filter(|at| !text[..*at].ends_with(inside)).flat_map(|at| {
        let mut in_braces = false;
        let belongs = |c: &char| {
            in_braces = (in_braces || *c == '{') && *c != '}';
            inside(*c) || "{}".contains(*c) || in_braces && ", ".contains(*c)
        };
        let path: String = text[at..].chars().take_while(belongs).collect();
        expanded(path.trim_end_matches('.'))
    });
    found.collect()
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn expanded(path: &str) -> Vec<String> {
    match path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        Some((before, (names, after))) => {
            names.split(',').flat_map(|name| expanded(&format!("{before}{}{after}", name.trim()))).collect()
        }
        None => vec![path.to_owned()],
    }
}

#[test]
fn the_reader_of_paths_reads_braces_and_leaves_out_other_folders() {
    let text = "See `src/a/{b, c}.rs`, tests/d.rs. But not target/release/examples/e, or `../tests/f.md`; benches/*.rs";
    assert_eq!(paths(text), ["src/a/b.rs", "src/a/c.rs", "tests/d.rs", "benches/"]);
}

#[test]
fn the_gate_runs_what_the_readme_says() {
    let readme = read("README.md");
    assert!(readme.contains("\ncargo run --release --example steady_state "));
    assert!(readme.contains("\ncargo test "));
    if root().join(".ci/run").exists() {
        assert!(read(".ci/run").ends_with("\ncargo test\n"), "the summary of the tests closes the gate");
    }
}

#[test]
fn the_changelog_knows_this_version() {
    assert!(read("CHANGELOG.md").contains(&format!("## [{}]", manifest("version"))));
}

#[test]
fn licences_are_complete() {
    assert_eq!(manifest("license"), "(MIT OR Apache-2.0) AND OFL-1.1");
    assert!(read("LICENSE-MIT").contains("The menaquinone developers"));
    assert!(read("LICENSE-APACHE").contains("END OF TERMS AND CONDITIONS"));
    assert!(read("assets/fonts/OFL-Inter.txt").contains("SIL OPEN FONT LICENSE Version 1.1"));
    let readme = read("README.md");
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "assets/fonts/OFL-Inter.txt"] {
        assert!(readme.contains(file), "README.md does not name {file}");
    }
}

/// A citation that names another version cites what nobody has. The format is read by programs, so its keys stand first in lines.
#[test]
fn the_citation_is_of_this_version() {
    let citation = read("CITATION.cff");
    let value = |key: &str| citation.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    assert_eq!(value("cff-version"), Some("1.2.0"));
    assert_eq!(value("title"), Some(format!("\"{}\"", manifest("name"))).as_deref());
    assert_eq!(value("version"), Some(format!("\"{}\"", manifest("version"))).as_deref());
    assert!(value("message").is_some() && citation.contains("\nauthors:\n  - name: \"The menaquinone developers\"\n"));
    assert!(read("README.md").contains("](CITATION.cff)"));
}

/// Two versions would make the trait of `ode_solvers` and our states speak of different vectors.
#[test]
fn the_lock_file_holds_one_nalgebra() {
    assert_eq!(read("Cargo.lock").matches("name = \"nalgebra\"\n").count(), 1);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"];
    let papers = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Cargo.toml"].map(PathBuf::from);
    let all = files("src", "rs").into_iter().chain(files("docs", "md")).chain(files("examples", "rs")).chain(papers);
    for file in all {
        let text = read(&file);
        for mark in marks {
            assert!(!text.contains(mark), "{} says {mark}", file.display());
        }
    }
}
