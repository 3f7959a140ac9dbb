#include "agent/request.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"

namespace hearth::agent {
namespace {

Error wrong(std::string what) {
    return Error{Remedy::usage, std::move(what), "docs/protocol.md describes the requests"};
}

// Reads the members of a flat object without spaces; every step fails for good once something is
// unusual.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool take(std::string_view word) noexcept {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    // A string of printable ASCII without escapes.
    std::optional<std::string_view> string() noexcept {
        if (!take('"')) return std::nullopt;
        std::size_t size = 0;
        while (size < rest_.size() && rest_[size] >= ' ' && rest_[size] < '\x7F' &&
               rest_[size] != '"' && rest_[size] != '\\') {
            ++size;
        }
        const auto text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        if (!take('"')) return std::nullopt;
        return text;
    }

    // One to nine digits without a leading zero.
    std::optional<Span> seconds() noexcept {
        std::size_t size = 0;
        std::int64_t value = 0;
        while (size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9') {
            if (++size > 9) return std::nullopt;
            value = value * 10 + (rest_[size - 1] - '0');
        }
        if (size == 0 || (size > 1 && rest_.front() == '0')) return std::nullopt;
        rest_.remove_prefix(size);
        return std::chrono::seconds(value);
    }

    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

  private:
    std::string_view rest_;
};

}  // namespace

Result<Request> Request::parse(std::string_view line) {
    Request request;
    auto members = json::Document::parse(line);
    if (!members) return std::unexpected(wrong("a request is one JSON object on one line"));
    request.members_ = *std::move(members);
    request.operation_ = request.members_.text("op");
    if (request.operation_.empty() && !request.members_.has("paste") && !request.is_report()) {
        return std::unexpected(wrong("the request has no \"op\""));
    }
    return request;
}

Result<ProfileName> Request::profile(std::string_view member) const {
    const auto text = members_.text(member);
    if (text.empty()) {
        return std::unexpected(wrong("the request has no \"" + std::string(member) + "\""));
    }
    return ProfileName::parse(text);
}

Result<std::optional<Span>> Request::min_ttl() const {
    if (!members_.has("min_ttl")) return std::optional<Span>();
    const auto seconds = members_.seconds("min_ttl");
    if (!seconds) return std::unexpected(wrong("\"min_ttl\" is not a number of seconds"));
    return seconds;
}

std::optional<TokenRequest> TokenRequest::parse(std::string_view line) noexcept {
    Scanner scan(line);
    TokenRequest request;
    if (!scan.take(R"({"op":"token","profile":)")) return std::nullopt;
    const auto profile = scan.string();
    if (!profile || profile->empty()) return std::nullopt;
    request.profile = *profile;
    bool interactivity = false;
    bool helpers = false;
    while (scan.take(',')) {
        const auto name = scan.string();
        if (!name || !scan.take(':')) return std::nullopt;
        if (*name == "min_ttl" && !request.min_ttl) {
            request.min_ttl = scan.seconds();
            if (!request.min_ttl) return std::nullopt;
        } else if (*name == "client" && request.client.empty()) {
            const auto client = scan.string();
            if (!client || client->empty()) return std::nullopt;
            request.client = *client;
        } else if (*name == "non_interactive" && !std::exchange(interactivity, true)) {
            if (!scan.take("true") && !scan.take("false")) return std::nullopt;
        } else if (*name == "runs_helpers" && !std::exchange(helpers, true)) {
            if (!scan.take("true") && !scan.take("false")) return std::nullopt;
        } else {
            return std::nullopt;
        }
    }
    if (!scan.take('}') || !scan.done()) return std::nullopt;
    return request;
}

}  // namespace hearth::agent
