//! The program `usher`: it hands over to the command line and does nothing else.

fn main() -> std::process::ExitCode {
    usher::server::cli::run()
}
