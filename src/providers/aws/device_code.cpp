#include "providers/aws/device_code.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace hearth::providers::aws {
namespace {

constexpr std::size_t code_length = 6;

// What the person has typed, from whichever thread it comes.
class Typed {
  public:
    void put(Secret text) {
        const std::scoped_lock lock(mutex_);
        texts_.push_back(std::move(text));
        changed_.notify_one();
    }
    // Absent once the time is up or a stop was requested.
    std::optional<Secret> next(std::chrono::steady_clock::time_point deadline,
                               const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, stop, deadline, [this] { return !texts_.empty(); }))
            return std::nullopt;
        auto text = std::move(texts_.front());
        texts_.pop_front();
        return text;
    }

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Secret> texts_;
};

// Some devices show a blank in the middle.
std::string digits_of(const Secret& text) {
    std::string digits(text.reveal());
    std::erase_if(digits, [](char c) { return c == ' ' || c == '\n' || c == '\r'; });
    const bool code = digits.size() == code_length &&
                      std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    return code ? digits : std::string();
}

}  // namespace

Result<std::string> ask_device_code(Person& person, const std::string& device, Span limit,
                                    const std::stop_token& stop) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const auto typed = std::make_shared<Typed>();
    person.on_paste([typed](Secret text) { typed->put(std::move(text)); });
    person.show(AskCode{device});
    while (const auto text = typed->next(deadline, stop)) {
        auto code = digits_of(*text);
        if (!code.empty()) return code;
        person.show(Notice{"a code of such a device has six digits; try again"});
    }
    const bool cancelled = stop.stop_requested();
    return std::unexpected(
        Error{Remedy::sign_in,
              cancelled ? "the sign-in was cancelled"
                        : "no code of the MFA device was given within " + to_string(limit),
              "sign in again"});
}

}  // namespace hearth::providers::aws
