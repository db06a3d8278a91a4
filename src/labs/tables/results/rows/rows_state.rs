//! State of the table of rows: scroll position, cached rows, selection, and the elements on the page.

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
    list_position::ListPosition,
    row_cache::{RowCache, RowView},
};
use crate::{components::virtual_list::VirtualList, engine_client::Engine};

/// Height of a row; as in `www/tables-rows.css`.
const ROW_PX: f64 = 30.0;

/// Rows rendered above and below the visible ones: as many as a fast scroll passes before the next frame.
const OVERSCAN_ROWS: u64 = 12;

/// Rows requested above and below the visible ones.
const PREFETCHED_ROWS: u64 = 48;

/// Time without scrolling after which the scroll bar is aligned with the position.
const SCROLL_END_MS: u32 = 160;

/// State of the table of rows.
pub struct RowsState {
    engine: Engine,
    update: UseForceUpdateHandle,
    pub list: RefCell<VirtualList>,
    pub cache: RefCell<RowCache>,
    /// Index of the selected row in the view.
    pub selected: Cell<Option<u64>>,
    /// Share of the rows that a running search has read, 0 to 1.
    pub search_progress: Cell<Option<f64>>,
    pub scroller: NodeRef,
    pub space: NodeRef,
    pub table: NodeRef,
    /// Rows that are rendered.
    rendered: RefCell<Range<u64>>,
    scroll_end: RefCell<Option<Timeout>>,
}

impl RowsState {
    pub fn new(engine: Engine, update: UseForceUpdateHandle) -> Self {
        Self {
            engine,
            update,
            list: RefCell::new(VirtualList::new(ROW_PX)),
            cache: RefCell::default(),
            selected: Cell::default(),
            search_progress: Cell::default(),
            scroller: NodeRef::default(),
            space: NodeRef::default(),
            table: NodeRef::default(),
            rendered: RefCell::default(),
            scroll_end: RefCell::default(),
        }
    }

    /// Starts over with another table, or with other scores of the same.
    pub fn reset(&self, rows: u64, columns: usize) {
        let newest = self.cache.borrow().newest_request();
        *self.cache.borrow_mut() = RowCache::new(rows, columns, newest);
        self.reset_view();
    }

    /// Changes the order or the filters of the rows.
    pub fn set_view(&self, view: RowView) {
        if *self.cache.borrow().view() != view {
            self.cache.borrow_mut().set_view(view);
            self.reset_view();
        }
    }

    /// Requests the rows again, as the view may hold others now.
    pub fn refresh(&self) {
        self.cache.borrow_mut().clear();
        self.request_rows();
        self.update.force_update();
    }

    fn reset_view(&self) {
        self.selected.set(None);
        self.search_progress.set(None);
        let mut list = self.list.borrow_mut();
        list.set_rows(self.cache.borrow().total());
        list.scroll(0.0);
        let offset = list.reveal(0).unwrap_or(0.0);
        drop(list);
        self.scroll_to(offset);
        self.request_rows();
        self.update.force_update();
    }

    /// Handles an event of the engine.
    pub fn on_event(&self, event: &Event) {
        match event {
            Event::Table(TableEvent::Rows { request, total, rows }) => {
                let is_new = self.cache.borrow_mut().on_answer(*request, *total, rows);
                if is_new {
                    self.search_progress.set(None);
                    self.list.borrow_mut().set_rows(*total);
                    self.request_rows();
                    self.update.force_update();
                }
            }
            Event::Table(TableEvent::Progress(progress)) if progress.activity == TableActivity::Searching => {
                self.search_progress.set(Some(progress.share));
                self.update.force_update();
            }
            Event::Failed(_) | Event::Table(TableEvent::Cancelled) => {
                self.cache.borrow_mut().on_failure();
                self.search_progress.set(None);
                self.update.force_update();
            }
            _ => {}
        }
    }

    /// Rows to render.
    pub fn window(&self) -> Range<u64> {
        let window = self.list.borrow().window(OVERSCAN_ROWS);
        self.rendered.borrow_mut().clone_from(&window);
        window
    }

    /// Sizes and moves the elements on the page by the list; called after every rendering.
    pub fn update_layout(&self) {
        let elements = (self.scroller.cast::<HtmlElement>(), self.space.cast(), self.table.cast());
        let (Some(scroller), Some(space), Some(table)) = elements else { return };
        let head_px = head_px(&table);
        // As tall as all rows; the style sheet limits the height of the visible area.
        set_px(&space, "height", self.list.borrow().height_px() + head_px);
        let view_px = f64::from(scroller.client_height()) - head_px;
        let mut list = self.list.borrow_mut();
        let is_measured = (list.view_px() - view_px).abs() > 0.5;
        list.set_view(view_px);
        let top = list.top_px(self.rendered.borrow().start);
        drop(list);
        if self.rendered.borrow().is_empty() {
            set_transform(&table, 0.0);
        } else {
            set_transform(&table, top);
        }
        if is_measured {
            self.request_rows();
            self.update.force_update();
        }
    }

    /// Listeners to the scrolled element and the window.
    pub fn listeners(self: &Rc<Self>) -> Vec<EventListener> {
        let window = web_sys::window().expect("the page runs in a window");
        let mut listeners = Vec::new();
        if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
            let state = self.clone();
            listeners.push(EventListener::new(&scroller, "scroll", move |_| state.on_scroll()));
        }
        let state = self.clone();
        listeners.push(EventListener::new(&window, "resize", move |_| state.update_layout()));
        listeners
    }

    fn on_scroll(self: &Rc<Self>) {
        let Some(scroller) = self.scroller.cast::<HtmlElement>() else { return };
        let mut list = self.list.borrow_mut();
        list.scroll(scroller.scroll_top().into());
        let is_cramped = list.is_cramped();
        drop(list);
        if is_cramped {
            self.align_offset();
        }
        self.update_window();
        let state = Rc::downgrade(self);
        let scroll_end = Timeout::new(SCROLL_END_MS, move || {
            if let Some(state) = state.upgrade() {
                state.align_offset();
            }
        });
        *self.scroll_end.borrow_mut() = Some(scroll_end);
    }

    /// Aligns the scroll bar with the position; the visible rows stay.
    fn align_offset(&self) {
        let offset = self.list.borrow_mut().align_offset();
        if let Some(offset) = offset {
            self.scroll_to(offset);
            self.update_layout();
        }
    }

    /// Renders if other rows are to be on the page.
    fn update_window(&self) {
        if self.list.borrow().window(OVERSCAN_ROWS) != *self.rendered.borrow() {
            self.cache.borrow_mut().retry();
            self.request_rows();
            self.update.force_update();
        }
    }

    fn scroll_to(&self, offset: f64) {
        if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
            scroller.set_scroll_top(offset.round() as i32);
        }
    }

    fn request_rows(&self) {
        let window = self.list.borrow().window(PREFETCHED_ROWS);
        // Rows to render come first.
        let rendered = self.list.borrow().window(OVERSCAN_ROWS);
        let mut cache = self.cache.borrow_mut();
        let next = cache.next_request(rendered).or_else(|| cache.next_request(window));
        drop(cache);
        if let Some((request, query)) = next {
            self.engine.send(Command::Table(TableCommand::Rows { request, query }));
        }
    }

    /// Handles a key. Returns true if it selected a row.
    pub fn on_key(&self, key: &str) -> bool {
        let list = self.list.borrow();
        let position = ListPosition {
            selected: self.selected.get(),
            total: list.rows(),
            page: list.page(),
            first: list.visible().start,
        };
        drop(list);
        let selected = position.after_key(key);
        if let Some(index) = selected {
            self.select(index);
        }
        selected.is_some()
    }

    /// Selects the row at an index of the view, and scrolls it into view.
    pub fn select(&self, index: u64) {
        self.selected.set(Some(index));
        let offset = self.list.borrow_mut().reveal(index);
        if let Some(offset) = offset {
            self.scroll_to(offset);
        }
        self.cache.borrow_mut().retry();
        self.request_rows();
        self.update.force_update();
    }

    /// The selected row, if it is known.
    pub fn selected_row(&self) -> Option<Rc<ScoredRow>> {
        self.cache.borrow().row(self.selected.get()?).cloned()
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
