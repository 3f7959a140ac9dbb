#include "oauth/code_inbox.hpp"

namespace hearth::oauth {

using Stage = Progress::Stage;

bool CodeInbox::concluded() const noexcept {
    return closed_ || progress_.stage == Stage::worked || progress_.stage == Stage::failed;
}

void CodeInbox::listening_on(std::uint16_t port) {
    const std::scoped_lock lock(mutex_);
    expected_.port = port;
}

CallbackReply CodeInbox::answer(const CallbackRequest& request) {
    std::unique_lock lock(mutex_);
    const bool last = asks_for_done(expected_, progress_, request);
    // The page says whether it worked, so it has to wait for that.
    if (last) changed_.wait_for(lock, page_patience_, [this] { return concluded(); });
    auto verdict = judge(expected_, progress_, request);
    if (verdict.outcome) {
        progress_.stage = Stage::received;
        arrivals_.emplace_back(*std::move(verdict.outcome));
    }
    last_page_served_ = last_page_served_ || last;
    changed_.notify_all();
    return std::move(verdict.reply);
}

void CodeInbox::paste(Secret text) {
    const std::scoped_lock lock(mutex_);
    arrivals_.emplace_back(Pasted{std::move(text)});
    changed_.notify_all();
}

std::optional<CodeInbox::Arrival> CodeInbox::next(Deadline deadline, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, stop, deadline, [this] { return !arrivals_.empty(); });
    if (stop.stop_requested() || arrivals_.empty()) return {};
    Arrival arrival = std::move(arrivals_.front());
    arrivals_.pop_front();
    return arrival;
}

void CodeInbox::conclude(Stage stage, std::string text) {
    const std::scoped_lock lock(mutex_);
    // Without an answer from the browser there is no page to speak on.
    if (progress_.stage != Stage::received) return;
    progress_ = {.stage = stage, .text = std::move(text)};
    changed_.notify_all();
}

void CodeInbox::let_browser_finish(Span at_most) {
    std::unique_lock lock(mutex_);
    if (progress_.stage == Stage::waiting) return;
    changed_.wait_for(lock, at_most, [this] { return last_page_served_; });
}

void CodeInbox::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace hearth::oauth
