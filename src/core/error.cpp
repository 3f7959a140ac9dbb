#include "hearth/error.hpp"

#include <string_view>
#include <utility>

namespace hearth {

std::string_view to_string(Remedy remedy) noexcept {
    switch (remedy) {
        case Remedy::failed:
            return "failed";
        case Remedy::usage:
            return "usage";
        case Remedy::sign_in:
            return "sign_in";
        case Remedy::unreachable:
            return "unreachable";
        case Remedy::store_locked:
            return "store_locked";
        case Remedy::refused:
            return "refused";
    }
    std::unreachable();
}

}  // namespace hearth
