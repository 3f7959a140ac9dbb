// The whole sandbox without its sockets: which endpoint a request is for, what goes wrong on
// purpose, and the answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/endpoints.hpp"

namespace hearth::sandbox {

struct Route {
    std::string_view path;
    std::string_view endpoint;  // The name that faults and counts know.
    std::vector<std::string_view> methods;
    Handler handle;
};

// How the answer leaves the machine.
struct Delivery {
    enum class Cut : std::uint8_t { none, before_answer, in_body };
    Cut cut = Cut::none;
    milliseconds delay{};  // Before the first byte.
    seconds date_skew{};
};

struct Answer {
    Response response;
    Delivery delivery;
};

// A request that was looked at but has had no effect yet.
struct Admission {
    const Route* route = nullptr;
    Faults::Taken faults;
    milliseconds
        delay{};  // To wait before `answer`; if the client leaves meanwhile, nothing happens.
};

// Not thread-safe.
class Cloud {
  public:
    explicit Cloud(Settings settings) : state_(std::make_unique<State>(std::move(settings))) {}

    // Counts the request and takes the faults that it meets.
    Admission admit(const Request& request);
    Answer answer(const Request& request, const Admission& admission, Instant now);
    Answer handle(const Request& request, Instant now) {
        return answer(request, admit(request), now);
    }

    [[nodiscard]] State& state() noexcept { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

}  // namespace hearth::sandbox
