// The usual ways to have got no token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "core/time.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// What is wrong is wrong here, and no service was asked.
std::unexpected<TokenFailure> not_asked(Error error);
// Somebody answered, and asking again changes nothing.
std::unexpected<TokenFailure> refused(Error error);
// For where nothing that was sent is spent by being sent.
std::unexpected<TokenFailure> no_answer(HttpFailure failure);
// An answer that is no success; it may be asked again where the status says that it passes.
std::unexpected<TokenFailure> answered(const HttpResponse& response, std::string what,
                                       std::string hint, Instant now);

bool passes(int status) noexcept;
// What only the key of a service account can do; `what` has none.
Result<> check_possible(const Wanted& wanted, std::string_view what);

}  // namespace hearth::providers::google
