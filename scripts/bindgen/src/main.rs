//! `bindgen IN.wasm OUT_DIR`: writes OUT_DIR/usher.js and OUT_DIR/usher_bg.wasm for browsers.

use std::{env, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, out_dir] = arguments.as_slice() else {
        eprintln!("usage: bindgen IN.wasm OUT_DIR");
        return ExitCode::FAILURE;
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("usher").typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    // The page names the WASM file itself, so the script carries no guess of its own.
    bindgen.omit_default_module_path(true);
    let written = bindgen.web(true).and_then(|web| web.generate(out_dir));
    if let Err(error) = written {
        eprintln!("bindgen: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
