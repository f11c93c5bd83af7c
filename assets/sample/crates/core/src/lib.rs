//! Widgets for every shelf.

/// A widget on a shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widget {
    /// What stands on its label.
    pub label: String,
}

impl Widget {
    /// A widget with a label.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_widget_keeps_its_label() {
        assert_eq!(Widget::new("left").label, "left");
    }
}
