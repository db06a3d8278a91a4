//! Vectors from files made elsewhere.

use pinhole_engine::latent::file::write_floats;
use pinhole_protocol::latent::{CodePoint, LatentCommand, Projection, SampleValues};

use super::{file, open, project, refusal, started};

#[test]
fn columns_become_vectors_labels_and_more() {
    let mut session = started();
    let csv = "id,class,z1,z2,z3\na,cat,0.5,1.5,0\nb,dog,0.25,2.5,0\nc,cat,1.75,0.5,0\n";
    let set = open(&mut session, file("codes.csv", csv));
    assert_eq!((set.count, set.width, set.are_coordinates), (3, 3, false));
    assert_eq!(set.columns[0].name, "Label");
    let SampleValues::Categories { names, indices } = &set.columns[0].values else { panic!("classes have names") };
    assert_eq!((names.join(","), indices.0.clone()), ("cat,dog".to_owned(), vec![0, 1, 0]));
    let map = project(&mut session, Projection::Raw { across: 1, up: 0 });
    assert_eq!(map.positions.0, [1.5, 0.5, 2.5, 0.25, 0.5, 1.75]);
    let sentence = refusal(&mut session, LatentCommand::Decode { request: 1, at: CodePoint::Sample(0) });
    assert!(sentence.contains("come from a file"), "{sentence}");
    let set = open(&mut session, file("codes.npy", write_floats(&[4, 5], &[1.0; 20])));
    assert_eq!((set.count, set.width), (4, 5));
}

#[test]
fn columns_named_x_and_y_are_coordinates_wherever_they_stand() {
    let mut session = started();
    // All different and whole, x would be an identifier elsewhere.
    let rows: Vec<String> = (0..20).map(|row| format!("{row},{},c{}", row * row % 7, row % 3)).collect();
    let set = open(&mut session, file("places.csv", format!("x,y,kind\n{}\n", rows.join("\n"))));
    assert_eq!((set.count, set.width, set.are_coordinates), (20, 2, true));
    assert_eq!(set.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["kind"]);
    let set = open(&mut session, file("bodies.csv", "x,y,z\n0.5,1.5,0.25\n0.25,2.5,0.5\n1.75,0.5,0.75\n"));
    assert_eq!((set.width, set.are_coordinates), (3, false));
}

#[test]
fn bad_files_are_refused_and_leave_the_vectors() {
    let mut session = started();
    open(&mut session, file("codes.npy", write_floats(&[4, 2], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])));
    let mut refused =
        |name: &str, bytes: &[u8]| refusal(&mut session, LatentCommand::Open { source: file(name, bytes) });
    let rows = "z1,z2\n0.5,1.5\n0.25,nan\n1.75,0.5\n0.3,0.7\n";
    assert!(refused("a.csv", rows.as_bytes()).contains("Row 2, column “z2” is no number"));
    assert!(refused("a.csv", b"name,kind\na,b\nc,d\n").contains("no column of numbers"));
    assert!(refused("a.csv", b"z1,z2\n0.5,1.5\n").contains("one row"));
    assert!(refused("a.csv", b"").contains("empty"));
    assert!(refused("a.npy", &write_floats(&[1, 2], &[0.0; 2])).contains("one row"));
    assert!(refused("a.npy", &write_floats(&[2, 2, 2], &[0.0; 8])).contains("3 axes"));
    let not_finite = refused("a.npy", &write_floats(&[2, 2], &[0.0, 1.0, f32::NAN, 2.0]));
    assert!(not_finite.contains("Vector 2, number 1"), "{not_finite}");
    assert!(refused("a.npy", &write_floats(&[9_000_000, 9], &[0.0; 8])).contains("ends early"));
    assert_eq!(project(&mut session, Projection::Raw { across: 0, up: 1 }).positions.0.len(), 8, "the old ones stay");
}
