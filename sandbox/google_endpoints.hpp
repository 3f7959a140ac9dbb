// The endpoints of the Google face.
#pragma once

#include "sandbox/cloud.hpp"

namespace hearth::sandbox {

// google_token.cpp: refresh tokens and signed JWTs for tokens.
Response google_token_endpoint(Exchange& exchange);

// google_token_care.cpp: what a token is, and its end.
Response google_tokeninfo_endpoint(Exchange& exchange);
Response google_introspect_endpoint(Exchange& exchange);
Response google_revoke_endpoint(Exchange& exchange);

// google_sts.cpp: the exchange of others' tokens, and the renewal of a workforce's sign-ins.
Response google_exchange_endpoint(Exchange& exchange);
Response google_workforce_endpoint(Exchange& exchange);
// Where a credential file of the source `url` finds its subject tokens.
Response google_subject_endpoint(Exchange& exchange);

// google_distributed.cpp: the token service of Google Distributed Cloud.
Response google_distributed_endpoint(Exchange& exchange);

// google_iam.cpp: service accounts for who may become them.
Response google_impersonation_endpoint(Exchange& exchange);

// google_metadata.cpp: what an instance asks for.
Response google_metadata_endpoint(Exchange& exchange);

// google_vertex.cpp: a model behind an access token.
Response vertex_endpoint(Exchange& exchange);

// google_control.cpp: what a test asks of the Google face itself.
Response google_control_endpoint(Exchange& exchange);

// The route for a path of the Google face; nothing when there is none. Some stand for all that
// begins alike.
const Route* find_google_route(std::string_view path);
// The addresses that a program is told at the start.
boost::json::object google_announcement(const State& state);

}  // namespace hearth::sandbox
