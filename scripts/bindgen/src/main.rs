//! `bindgen IN.wasm OUT_DIR NAME [--split]`: writes OUT_DIR/NAME.js and OUT_DIR/NAME_bg.wasm for browsers.
//!
//! With `--split` the functions that are marked for it leave the WASM file for files of their own, which the page fetches when
//! it needs them. OUT_DIR/split.js loads them, and OUT_DIR/split.txt says for each group which files it consists of.

use std::path::Path;
use std::process::ExitCode;
use std::{env, error::Error, fs};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// What loads the groups' files, from the page's script.
const LOADER: &str = "./split.js";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [input, out_dir, name] => bind(Path::new(input), Path::new(out_dir), name, false),
        [input, out_dir, name, "--split"] => split_and_bind(Path::new(input), Path::new(out_dir), name),
        _ => Err("usage: bindgen IN.wasm OUT_DIR NAME [--split]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn split_and_bind(input: &Path, out_dir: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out_dir)?;
    let bytes = fs::read(input)?;
    let main = out_dir.join("main.wasm");
    let script = format!("./{name}.js");
    let mut options = Options::new(&bytes);
    options.output_dir = out_dir;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = LOADER;
    let split = wasm_split_cli_support::transform(options).map_err(|error| format!("{error:#}"))?;
    let groups: Vec<String> =
        split.prefetch_map.iter().map(|(group, files)| format!("{group} {}\n", files.join(" "))).collect();
    bind(&main, out_dir, name, true)?;
    fs::remove_file(&main)?;
    fs::write(out_dir.join("split.txt"), groups.concat())?;
    Ok(())
}

fn bind(input: &Path, out_dir: &Path, name: &str, is_split: bool) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name(name).typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    // The page names the WASM file itself, so the script carries no guess of its own.
    bindgen.omit_default_module_path(true);
    if is_split {
        // The other files find what they share with this one by the names that the linker gave.
        bindgen.keep_lld_exports(true).demangle(false);
    }
    bindgen.web(true)?.generate(out_dir)?;
    Ok(())
}
