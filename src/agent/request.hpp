// What a client sends: one JSON object on one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/name.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "json/document.hpp"

namespace hearth::agent {

// The longest line that is read.
inline constexpr std::size_t line_limit = 1024UL * 1024;

class Request {
  public:
    // Remedy::usage for what is not a request; the error quotes none of it.
    static Result<Request> parse(std::string_view line);

    // Empty for a line that only carries what a person pasted, or what becomes of a helper.
    [[nodiscard]] const std::string& operation() const noexcept { return operation_; }
    [[nodiscard]] bool is_paste() const noexcept { return operation_.empty() && !is_report(); }
    [[nodiscard]] bool is_report() const noexcept {
        return operation_.empty() &&
               (members_.has("helper_output") || members_.has("helper_failed") ||
                members_.has("refresh_output") || members_.has("refresh_ended"));
    }
    [[nodiscard]] const json::Document& members() const noexcept { return members_; }

    // The client's version; empty when it does not tell.
    [[nodiscard]] std::string client() const { return members_.text("client"); }
    [[nodiscard]] Result<ProfileName> profile(std::string_view member = "profile") const;
    // What `min_ttl` asks for; Remedy::usage when it is no number of seconds.
    [[nodiscard]] Result<std::optional<Span>> min_ttl() const;

  private:
    std::string operation_;
    json::Document members_;
};

// The request that nearly every request is, read without building anything. Absent for any line
// that is not exactly of this shape, which the general parser then reads: what both accept they
// understand alike.
struct TokenRequest {
    std::string_view profile;
    std::optional<Span> min_ttl;
    std::string_view client;

    static std::optional<TokenRequest> parse(std::string_view line) noexcept;
};

}  // namespace hearth::agent
