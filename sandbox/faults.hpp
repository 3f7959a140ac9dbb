// Misbehaviour on demand: which endpoint, what, and how often.
#pragma once

#include <boost/json/array.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::sandbox {

struct Misbehaviour {
    enum class Kind : std::uint8_t {
        status,         // Answer with this status; nothing happens.
        retry_after,    // Say Retry-After; with status 429 unless another is given.
        delay,          // Wait these milliseconds; nothing happens if the client leaves meanwhile.
        delay_answer,   // Do it, then wait these milliseconds.
        drop_before,    // Close the connection; nothing happens.
        drop_after,     // Do it, then close the connection without an answer.
        truncate,       // Do it, then cut the answer in the middle of its body.
        garbage,        // Answer 200 with a body that is not JSON; nothing happens.
        content_type,   // Do it, and declare the answer as this.
        skew,           // Do it, and be so many seconds wrong in the Date header.
        invalid_grant,  // Say invalid_grant; nothing happens.
    };
    Kind kind = Kind::status;
    std::int64_t amount = 0;
    std::string text;
};

// ENDPOINT:FAULT[=ARG][,FAULT...][@N], as `--fault` takes it; ':' may stand for '='.
struct Fault {
    std::string endpoint;
    std::vector<Misbehaviour> behaviours;
    std::optional<int> remaining;  // Nothing: forever.
    std::string spec;

    // The text of the failure says what is wrong with the specification.
    static std::expected<Fault, std::string> parse(std::string_view spec);
};

// Each fault that names one of `endpoints` (or "any") and has turns left gives one of them up.
class Faults {
  public:
    void add(Fault fault) { faults_.push_back(std::move(fault)); }
    void clear() noexcept { faults_.clear(); }
    struct Taken {
        std::vector<Misbehaviour> behaviours;
        std::vector<std::string> specs;
    };
    Taken take(const std::vector<std::string_view>& endpoints);
    [[nodiscard]] boost::json::array to_json() const;

  private:
    std::vector<Fault> faults_;
};

// The endpoints that a fault can name.
const std::vector<std::string_view>& endpoint_names();

}  // namespace hearth::sandbox
