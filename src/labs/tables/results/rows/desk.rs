//! What the table of rows works with: the list's place, the rows known, the elements on the page.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use pinhole_protocol::{
    Command, Event,
    table::{ScoredRow, TableActivity, TableCommand, TableEvent},
};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    feed::{Feed, View},
    keys::Place,
};
use crate::{components::virtual_list::VirtualList, engine_client::Engine};

/// Height of a row; the style sheet says the same.
const ROW_PX: f64 = 30.0;

/// Rows on the page beyond those in sight: what a flick of the wheel passes before the next frame.
const AROUND: u64 = 12;

/// Rows asked for beyond those in sight.
const ASKED_AROUND: u64 = 48;

/// How long scrolling rests before the bar is put where it belongs.
const REST_MS: u32 = 160;

/// The desk.
pub struct Desk {
    engine: Engine,
    update: UseForceUpdateHandle,
    pub list: RefCell<VirtualList>,
    pub feed: RefCell<Feed>,
    pub selected: Cell<Option<u64>>,
    /// How much of all rows was looked through, while they are.
    pub searched: Cell<Option<f64>>,
    pub scroller: NodeRef,
    pub space: NodeRef,
    pub table: NodeRef,
    /// The rows that are on the page.
    shown: RefCell<Range<u64>>,
    rest: RefCell<Option<Timeout>>,
}

impl Desk {
    pub fn new(engine: Engine, update: UseForceUpdateHandle) -> Self {
        Self {
            engine,
            update,
            list: RefCell::new(VirtualList::new(ROW_PX)),
            feed: RefCell::default(),
            selected: Cell::default(),
            searched: Cell::default(),
            scroller: NodeRef::default(),
            space: NodeRef::default(),
            table: NodeRef::default(),
            shown: RefCell::default(),
            rest: RefCell::default(),
        }
    }

    /// Another table, or the same with other scores.
    pub fn start(&self, rows: u64, columns: usize) {
        let newest = self.feed.borrow().newest_request();
        *self.feed.borrow_mut() = Feed::new(rows, columns, newest);
        self.start_view();
    }

    /// The same rows in another order, or others of them.
    pub fn look(&self, view: View) {
        if *self.feed.borrow().view() != view {
            self.feed.borrow_mut().look(view);
            self.start_view();
        }
    }

    /// The rows of the view may be others now.
    pub fn refresh(&self) {
        self.feed.borrow_mut().forget();
        self.ask();
        self.update.force_update();
    }

    fn start_view(&self) {
        self.selected.set(None);
        self.searched.set(None);
        let mut list = self.list.borrow_mut();
        list.set_rows(self.feed.borrow().total());
        list.scroll(0.0);
        let offset = list.reveal(0).unwrap_or(0.0);
        drop(list);
        self.scroll_to(offset);
        self.ask();
        self.update.force_update();
    }

    /// Takes news of tables.
    pub fn hear(&self, event: &Event) {
        match event {
            Event::Table(TableEvent::Rows { request, total, rows }) => {
                let is_ours = self.feed.borrow_mut().hear(*request, *total, rows);
                if is_ours {
                    self.searched.set(None);
                    self.list.borrow_mut().set_rows(*total);
                    self.ask();
                    self.update.force_update();
                }
            }
            Event::Table(TableEvent::Progress(progress)) if progress.activity == TableActivity::Searching => {
                self.searched.set(Some(progress.share));
                self.update.force_update();
            }
            Event::Failed(_) | Event::Table(TableEvent::Cancelled) => {
                self.feed.borrow_mut().fail();
                self.searched.set(None);
                self.update.force_update();
            }
            _ => {}
        }
    }

    /// The rows to have on the page.
    pub fn window(&self) -> Range<u64> {
        let window = self.list.borrow().window(AROUND);
        self.shown.borrow_mut().clone_from(&window);
        window
    }

    /// Fits the elements on the page to the list; after every rendering.
    pub fn place(&self) {
        let elements = (self.scroller.cast::<HtmlElement>(), self.space.cast(), self.table.cast());
        let (Some(scroller), Some(space), Some(table)) = elements else { return };
        let head_px = head_px(&table);
        // As tall as its rows where they are few: the style sheet bounds it.
        set_px(&space, "height", self.list.borrow().height_px() + head_px);
        let view_px = f64::from(scroller.client_height()) - head_px;
        let mut list = self.list.borrow_mut();
        let is_measured = (list.view_px() - view_px).abs() > 0.5;
        list.set_view(view_px);
        let top = list.top_px(self.shown.borrow().start);
        drop(list);
        if self.shown.borrow().is_empty() {
            set_transform(&table, 0.0);
        } else {
            set_transform(&table, top);
        }
        if is_measured {
            self.ask();
            self.update.force_update();
        }
    }

    /// What the browser tells of the scrolled element and the window.
    pub fn listen(self: &Rc<Self>) -> Vec<EventListener> {
        let window = web_sys::window().expect("the page runs in a window");
        let mut listeners = Vec::new();
        if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
            let desk = self.clone();
            listeners.push(EventListener::new(&scroller, "scroll", move |_| desk.scrolled()));
        }
        let desk = self.clone();
        listeners.push(EventListener::new(&window, "resize", move |_| desk.place()));
        listeners
    }

    fn scrolled(self: &Rc<Self>) {
        let Some(scroller) = self.scroller.cast::<HtmlElement>() else { return };
        let mut list = self.list.borrow_mut();
        list.scroll(scroller.scroll_top().into());
        let is_cramped = list.is_cramped();
        drop(list);
        if is_cramped {
            self.settle();
        }
        self.renew();
        let desk = Rc::downgrade(self);
        let rest = Timeout::new(REST_MS, move || {
            if let Some(desk) = desk.upgrade() {
                desk.settle();
            }
        });
        *self.rest.borrow_mut() = Some(rest);
    }

    /// Puts the bar where the position belongs; the rows in sight stay.
    fn settle(&self) {
        let offset = self.list.borrow_mut().settle();
        if let Some(offset) = offset {
            self.scroll_to(offset);
            self.place();
        }
    }

    /// Renders only if other rows are to be on the page.
    fn renew(&self) {
        if self.list.borrow().window(AROUND) != *self.shown.borrow() {
            self.feed.borrow_mut().retry();
            self.ask();
            self.update.force_update();
        }
    }

    fn scroll_to(&self, offset: f64) {
        if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
            scroller.set_scroll_top(offset.round() as i32);
        }
    }

    fn ask(&self) {
        let window = self.list.borrow().window(ASKED_AROUND);
        // What is in sight comes first.
        let shown = self.list.borrow().window(AROUND);
        let mut feed = self.feed.borrow_mut();
        let question = feed.ask(shown).or_else(|| feed.ask(window));
        drop(feed);
        if let Some((request, query)) = question {
            self.engine.send(Command::Table(TableCommand::Rows { request, query }));
        }
    }

    /// Takes a key. Whether it selected a row.
    pub fn press(&self, key: &str) -> bool {
        let list = self.list.borrow();
        let place =
            Place { selected: self.selected.get(), total: list.rows(), page: list.page(), first: list.visible().start };
        drop(list);
        let pressed = place.press(key);
        if let Some(row) = pressed {
            self.select(row);
        }
        pressed.is_some()
    }

    /// Selects the row at a place of the view, and brings it in sight.
    pub fn select(&self, place: u64) {
        self.selected.set(Some(place));
        let offset = self.list.borrow_mut().reveal(place);
        if let Some(offset) = offset {
            self.scroll_to(offset);
        }
        self.feed.borrow_mut().retry();
        self.ask();
        self.update.force_update();
    }

    /// The selected row, if it is known.
    pub fn selected_row(&self) -> Option<Rc<ScoredRow>> {
        self.feed.borrow().row(self.selected.get()?).cloned()
    }
}

fn head_px(table: &HtmlElement) -> f64 {
    let head = table.query_selector("thead").ok().flatten();
    head.map_or(0.0, |head| head.get_bounding_client_rect().height())
}

fn set_px(element: &HtmlElement, property: &str, px: f64) {
    let set = element.style().set_property(property, &format!("{}px", crate::components::format::fixed(px, 1)));
    debug_assert!(set.is_ok(), "a length is a valid value");
}

fn set_transform(table: &HtmlElement, top_px: f64) {
    let moved = format!("translateY({}px)", crate::components::format::fixed(top_px, 1));
    let set = table.style().set_property("transform", &moved);
    debug_assert!(set.is_ok(), "a translation is a valid value");
}
