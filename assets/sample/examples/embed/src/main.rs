fn main() {
    println!("{:?}", widgets_core::Widget::new("shelf"));
}
