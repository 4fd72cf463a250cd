//! Tells cargo that the shipped scenarios are part of the binary, and how the tests are linked.

fn main() {
    println!("cargo::rerun-if-changed=scenarios");
    let features = std::env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if features.split(',').any(|feature| feature == "crt-static") {
        // What is linked statically has this only if it is asked for, and without it the standard library starts a child
        // that has a folder of its own by a copy of the whole process: a third of all the time that the tests took.
        println!("cargo::rustc-link-arg-tests=-Wl,-u,posix_spawn_file_actions_addchdir_np");
    }
}
