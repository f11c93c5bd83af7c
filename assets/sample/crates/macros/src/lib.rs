//! Macros that make widgets.

/// The labels of several widgets, in order.
#[macro_export]
macro_rules! labels {
    ($($label:literal),* $(,)?) => {
        [$($label),*]
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_keep_their_order() {
        assert_eq!(labels!["left", "right"], ["left", "right"]);
    }
}
