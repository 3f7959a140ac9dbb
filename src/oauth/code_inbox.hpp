#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <variant>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "oauth/callback.hpp"
#include "oauth/callback_judge.hpp"

namespace hearth::oauth {

// Where the code of one sign-in arrives: from the browser (listener's thread), from the clipboard
// (any thread). The signing-in thread waits here, and the browser's last page waits here for how it
// ended.
class CodeInbox {
  public:
    using Deadline = std::chrono::steady_clock::time_point;
    struct Pasted {
        Secret text;
    };
    // What the browser brought, or what a person pasted, not yet judged.
    using Arrival = std::variant<Result<Secret>, Pasted>;

    explicit CodeInbox(CallbackExpectation expected, Span page_patience = std::chrono::minutes(1))
        : expected_(std::move(expected)), page_patience_(page_patience) {}

    // The port is known only once somebody listens.
    void listening_on(std::uint16_t port);
    // Answers the browser. A request for the last page waits until `conclude` or `close`, but no
    // longer than `page_patience`: then the page says that the terminal knows.
    CallbackReply answer(const CallbackRequest& request);
    void paste(Secret text);

    // The next arrival; empty once the deadline has passed or a stop was requested.
    std::optional<Arrival> next(Deadline deadline, const std::stop_token& stop);
    // Says how the sign-in ended; the browser is told.
    void conclude(Progress::Stage stage, std::string text);
    // Waits until the browser, if it brought the answer, has been given the last page, at most that
    // long.
    void let_browser_finish(Span at_most);
    // Lets nobody wait any longer.
    void close();

  private:
    [[nodiscard]] bool concluded() const noexcept;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    CallbackExpectation expected_;
    Span page_patience_;
    Progress progress_;
    std::deque<Arrival> arrivals_;
    bool last_page_served_ = false;
    bool closed_ = false;
};

}  // namespace hearth::oauth
