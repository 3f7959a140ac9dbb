// Instants, spans and boot ids as others write them.
#include "core/time.hpp"

#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    using std::chrono::floor;
    using std::chrono::seconds;
    if (const auto instant = parse_rfc3339(input)) {
        const auto again = parse_rfc3339(to_rfc3339(*instant));
        require(again && *again == floor<seconds>(*instant));
    } else {
        require_sound(instant.error());
    }
    if (const auto instant = parse_http_date(input)) {
        require(parse_rfc3339(to_rfc3339(*instant)) == instant);
    }
    if (const auto span = parse_span(input)) {
        require(*span >= Span{});
        // The two largest units: never more than it is.
        const auto shown = parse_span(to_string(*span));
        require(shown && *shown <= *span && *span < *shown * 2 + Span(1));
    } else {
        require_sound(span.error());
    }
    if (const auto id = BootId::parse(input)) require(BootId::parse(id->to_string()) == id);
}

}  // namespace hearth::fuzz
