//! From a terminal's events to messages, by the wizard's key table.

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Face;
use super::field::Typed;
use crate::wizard::{Action, Context, Key, Msg, Wizard, action_for};

/// What an event asks for.
#[derive(Debug)]
pub enum Input {
    /// Tell the wizard.
    Tell(Msg),
    /// Draw again.
    Redraw,
    /// Ctrl-C: quit, and at once if pressed twice.
    Interrupt,
    /// Ctrl-Z: stop this process until it is continued.
    Suspend,
    /// Nothing.
    Nothing,
}

/// Translates one event.
pub fn translate(event: Event, wizard: &Wizard, face: &mut Face) -> Input {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => on_key(key, wizard, face),
        Event::Paste(text) => match &mut face.field {
            Some(field) => {
                field.paste(&text);
                Input::Redraw
            }
            None => Input::Nothing,
        },
        Event::Resize(..) => Input::Redraw,
        _ => Input::Nothing,
    }
}

fn on_key(key: KeyEvent, wizard: &Wizard, face: &mut Face) -> Input {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if control => return Input::Interrupt,
        KeyCode::Char('z') if control => return Input::Suspend,
        _ => {}
    }
    let context = wizard.context();
    let known = neutral(key);
    if context == Context::Text {
        let enter = known == Some(Key::Enter) || (control && matches!(key.code, KeyCode::Char('m' | 'j')));
        return match (enter, known, face.field.take()) {
            (true, _, Some(field)) => Input::Tell(match field.take() {
                Typed::Text(text) => Msg::Text(text),
                Typed::Secret(secret) => Msg::Secret(secret),
            }),
            (_, Some(Key::Esc), _) => Input::Tell(Msg::Act(Action::Back)),
            (_, _, Some(mut field)) => {
                if key.code != KeyCode::Tab {
                    field.key(key);
                }
                face.field = Some(field);
                Input::Redraw
            }
            (_, _, None) => Input::Nothing,
        };
    }
    let Some(action) = known.and_then(|key| action_for(context, key)) else { return Input::Nothing };
    if scrolls(context) {
        let page = 8;
        match action {
            Action::PageDown => face.scroll = face.scroll.saturating_add(page),
            Action::PageUp => face.scroll = face.scroll.saturating_sub(page),
            Action::Down if !has_fields(context) => face.scroll = face.scroll.saturating_add(1),
            Action::Up if !has_fields(context) => face.scroll = face.scroll.saturating_sub(1),
            _ => return Input::Tell(Msg::Act(action)),
        }
        return Input::Redraw;
    }
    Input::Tell(Msg::Act(action))
}

/// Screens whose text may be longer than the terminal, and that have no list of their own.
fn scrolls(context: Context) -> bool {
    !matches!(context, Context::Board | Context::Review | Context::Text)
}

/// Screens on which the arrows go from value to value.
fn has_fields(context: Context) -> bool {
    matches!(context, Context::Step | Context::StepBrowser)
}

fn neutral(key: KeyEvent) -> Option<Key> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char(c) if control => Key::Ctrl(c),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => return None,
    })
}
