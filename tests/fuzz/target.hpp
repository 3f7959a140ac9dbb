// What every fuzz target is made of. A target is one file that defines `try_input`; libFuzzer or
// the replay of the plain build feeds it.
#pragma once

#include <source_location>
#include <string>
#include <string_view>
#include <utility>

#include "core/http.hpp"
#include "hearth/error.hpp"

namespace hearth::fuzz {

// One run over one input. Returns for every input, whatever it holds, and aborts where a promise
// is broken.
void try_input(std::string_view input);

// Aborts, naming the line, unless the promise was kept.
void require(bool kept, std::source_location where = std::source_location::current());

// The contract of hearth/error.hpp: it says something, on one line.
void require_sound(const Error& error,
                   std::source_location where = std::source_location::current());

// A secret that goes into requests: no error may repeat it, whatever the other side answers.
inline constexpr std::string_view planted = "planted-secret-0123456789";
void require_discreet(const Error& error,
                      std::source_location where = std::source_location::current());

// Printable ASCII without spaces, and at least one of it: what a header line can carry.
bool sendable(std::string_view text);
bool has_control_character(std::string_view text);

// The input up to its first line feed, and what follows it.
std::pair<std::string_view, std::string_view> first_line(std::string_view input);

// An HTTP answer as it is written: a status line of one number, header lines, an empty line, the
// body. Without an empty line all of it is the body of a 200.
HttpResponse answer_in(std::string_view input);

// Answers every request alike. Not thread-safe.
class OneAnswer : public Http {
  public:
    explicit OneAnswer(HttpResponse answer) : answer_(std::move(answer)) {}
    std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                  std::stop_token stop) override;

  private:
    HttpResponse answer_;
};

}  // namespace hearth::fuzz
