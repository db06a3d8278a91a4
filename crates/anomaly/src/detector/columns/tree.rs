//! A grown tree.

/// A node. Children are adjacent and behind their parent, so that every path goes forward.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Node {
    /// Index of the left child; 0 in a leaf.
    pub left: u32,
    /// Of an inner node, the cell that it splits.
    pub cell: u16,
    /// Of an inner node, the greatest code that goes left.
    pub threshold: u8,
    /// Of a leaf, the classes of its rows: so many, from `value` on among the tree's shares.
    pub classes: u8,
    /// Of a leaf, the mean of its rows' normal scores, or the index of its first share.
    pub value: f32,
}

/// A tree, the root first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// Classes of the leaves with their shares of the leaf's rows.
    pub shares: Vec<(u8, f32)>,
}

impl Tree {
    /// Leaf of a row with these codes; `None` of a tree that did not grow.
    pub fn leaf(&self, codes: &[u8]) -> Option<&Node> {
        let mut node = self.nodes.first()?;
        while node.left > 0 {
            node = &self.nodes[node.left as usize + usize::from(codes[usize::from(node.cell)] > node.threshold)];
        }
        Some(node)
    }

    /// Classes of a leaf's rows.
    pub fn shares_of(&self, leaf: &Node) -> &[(u8, f32)] {
        let first = leaf.value as usize;
        &self.shares[first..first + usize::from(leaf.classes)]
    }

    /// True if every path goes forward to a leaf, and every leaf's shares exist, as those of a file may not.
    pub fn is_sound(&self, cells: usize, classes: Option<usize>) -> bool {
        self.nodes.iter().enumerate().all(|(index, node)| {
            if node.left > 0 {
                node.left as usize > index
                    && (node.left as usize) + 1 < self.nodes.len()
                    && usize::from(node.cell) < cells
            } else if classes.is_some() {
                node.value >= 0.0 && node.value as usize + usize::from(node.classes) <= self.shares.len()
            } else {
                node.value.is_finite()
            }
        }) && self
            .shares
            .iter()
            .all(|&(class, share)| share.is_finite() && classes.is_some_and(|classes| usize::from(class) < classes))
    }
}
