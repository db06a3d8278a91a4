//! Check against a trap that makes the worker sixty times slower: if nothing in a wasm names its constructors, the linker
//! wraps *every* export in a shim (`name.command_export`) that runs them all at each call from JavaScript.
//!
//! A stripped module no longer holds those names, so the shape is looked for as well: exports whose first instruction
//! calls one and the same function that takes and returns nothing.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context as _, Result, bail};
use wasmparser::{ExternalKind, FuncType, Operator, Parser, Payload, TypeRef};

/// Checks every wasm file of the built page.
pub fn check(dist: &Path) -> Result<()> {
    let modules = check_folder(dist)?;
    // Page and both workers; fewer would mean that this looked in the wrong place.
    if modules < 3 {
        bail!("{} holds {modules} wasm modules, not three", dist.display());
    }
    Ok(())
}

/// Checks every wasm file in a folder and those in it. Returns their number.
fn check_folder(folder: &Path) -> Result<usize> {
    let mut modules = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            modules += check_folder(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "wasm") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let module = fs::read(&path).with_context(|| format!("reading {name}"))?;
            if is_wrapped(&module).with_context(|| format!("{name} is no WebAssembly"))? {
                bail!(
                    "{name}: every export runs all constructors again (command_export): call __wasm_call_ctors once at its start"
                );
            }
            modules += 1;
        }
    }
    Ok(modules)
}

fn is_wrapped(module: &[u8]) -> Result<bool> {
    let names_a_shim = module.windows(b"command_export".len()).any(|window| window == b"command_export");
    Ok(names_a_shim || Outline::read(module)?.shares_a_first_call())
}

/// Parts of a WebAssembly module that the check reads.
#[derive(Default)]
struct Outline {
    types: Vec<FuncType>,
    imported_functions: u32,
    /// Type of each function defined here.
    functions: Vec<u32>,
    exported: Vec<u32>,
    /// The function that each defined function calls as its first instruction.
    first_calls: Vec<Option<u32>>,
}

impl Outline {
    fn read(module: &[u8]) -> Result<Self> {
        let mut outline = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => {
                    outline.types = types.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        outline.imported_functions += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(functions) => {
                    outline.functions = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        outline.exported.extend((export.kind == ExternalKind::Func).then_some(export.index));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let first = body.get_operators_reader()?.read()?;
                    outline.first_calls.push(match first {
                        Operator::Call { function_index } => Some(function_index),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        Ok(outline)
    }

    /// Shims are all or none: half of at least two exports is well above chance.
    fn shares_a_first_call(&self) -> bool {
        let mut callers: HashMap<u32, usize> = HashMap::new();
        for exported in &self.exported {
            let first = self.defined(*exported).and_then(|index| *self.first_calls.get(index)?);
            if let Some(called) = first.filter(|called| self.takes_and_returns_nothing(*called)) {
                *callers.entry(called).or_default() += 1;
            }
        }
        callers.values().any(|&count| count >= 2 && count * 2 >= self.exported.len())
    }

    fn defined(&self, function: u32) -> Option<usize> {
        function.checked_sub(self.imported_functions).map(|index| index as usize)
    }

    fn takes_and_returns_nothing(&self, function: u32) -> bool {
        let kind = self.defined(function).and_then(|index| self.types.get(*self.functions.get(index)? as usize));
        kind.is_some_and(|kind| kind.params().is_empty() && kind.results().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two exports; each begins with `first`. Function 0 is `() -> ()` and empty.
    fn module(first: &[u8]) -> Vec<u8> {
        let mut body = vec![0];
        body.extend(first);
        body.push(0x0b);
        let mut code = vec![3, 2, 0, 0x0b];
        for _ in 0..2 {
            code.push(u8::try_from(body.len()).expect("a short body"));
            code.extend(&body);
        }
        let sections: [(u8, &[u8]); 4] =
            [(1, &[1, 0x60, 0, 0]), (3, &[3, 0, 0, 0]), (7, &[2, 1, b'a', 0, 1, 1, b'b', 0, 2]), (10, &code)];
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, content) in sections {
            module.extend([id, u8::try_from(content.len()).expect("a short section")]);
            module.extend(content);
        }
        module
    }

    #[test]
    fn exports_that_all_begin_with_the_constructors_are_found() {
        const CALL_0: &[u8] = &[0x10, 0];
        const NOP: &[u8] = &[0x01];
        assert!(is_wrapped(&module(CALL_0)).expect("a module"));
        assert!(!is_wrapped(&module(NOP)).expect("a module"));
    }

    #[test]
    fn a_module_that_still_has_names_is_found_by_them() {
        let mut named = module(&[0x01]);
        let name = b"\x04namef.command_export";
        named.extend([0, u8::try_from(name.len()).expect("a short section")]);
        named.extend(name);
        assert!(is_wrapped(&named).expect("a module"));
    }

    #[test]
    fn bytes_that_are_no_module_are_an_error() {
        assert!(is_wrapped(b"<!doctype html>").is_err());
    }
}
