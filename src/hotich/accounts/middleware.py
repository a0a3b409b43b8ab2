"""placeholder"""
def session_limits(get_response):
    return get_response
def office_context(get_response):
    return get_response
